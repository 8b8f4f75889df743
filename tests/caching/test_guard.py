import pytest
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import override_settings
from django.urls import path

from shop.accounts.models import User
from shop.caching import dependencies, reads
from shop.caching.guard import PersonalDataError
from shop.caching.pages import CachedPage, cache_page
from shop.caching.reads import SharedWriteError, UncoveredReadError, is_write, uncovered_tables
from shop.caching.versions import Versions, clearing
from shop.catalogue.models import Product
from shop.invalidation import card_versions
from shop.sellers.models import Seller
from tests.factories import ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def with_cookie(request):
    response = HttpResponse()
    response.set_cookie("seen", "1")
    return response


def writing(request):
    User.objects.create(email="somebody@example.com")
    return HttpResponse("written")


def locking(request):
    with transaction.atomic():
        return HttpResponse(str(list(User.objects.select_for_update())))


def showing(request):
    return HttpResponse(", ".join(product.title for product in Product.objects.order_by("pk")))


def first_card():
    return card_versions(Product.objects.order_by("pk")[:1])


class Unbounded(CachedPage):
    """A page that is stored only when it is asked for again, and never if its address is long."""

    def cache_tags(self):
        return []

    def is_unbounded(self):
        return True

    def get(self, request):
        return HttpResponse(str(request.user))


def no_cards():
    list(Product.objects.all())
    return Versions()


PERSONAL = {
    "user": lambda request: HttpResponse(str(request.user)),
    "session": lambda request: HttpResponse(request.session.get("x", "-")),
    "cookie read": lambda request: HttpResponse(request.COOKIES.get("x", "-")),
    "cookie set": with_cookie,
    "token": lambda request: HttpResponse(get_token(request)),
    "message": lambda request: HttpResponse(messages.success(request, "Hello") or "-"),
}
READS = {
    "products": lambda request: HttpResponse(str(Product.objects.count())),
    "sellers": lambda request: HttpResponse(str(Seller.objects.count())),
}
urlpatterns = [
    *(path(name.replace(" ", "-"), cache_page(60, ["products"])(view)) for name, view in PERSONAL.items()),
    path("covered", cache_page(60, ["products"])(READS["products"])),
    path("uncovered", cache_page(60, [])(READS["products"])),
    path("sellers", cache_page(60, ["sellers"])(READS["sellers"])),
    path("sellers-unnamed", cache_page(60, ["products"])(READS["sellers"])),
    path("writing", cache_page(60, ["products"])(writing)),
    path("locking", cache_page(60, ["products"])(locking)),
    path("showing", cache_page(60, ["products"], find_versions=first_card)(showing)),
    path("varying", cache_page(60, [])(lambda request: HttpResponse(headers={"Vary": "Cookie"}))),
    path("empty", cache_page(60, [])(lambda request: HttpResponse())),
    path("unfound", cache_page(60, ["products"], find_versions=no_cards)(READS["products"])),
    path("unbounded", Unbounded.as_view(), name="unbounded"),
    path("huge", cache_page(60, [])(lambda request: HttpResponse(bytes(range(256)) * 8000))),
]


def cookie_for_everybody(get_response):
    def middleware(request):
        response = get_response(request)
        response.set_cookie("seen", "1")
        return response

    return middleware


ADDRESSES = ["/" + name.replace(" ", "-") for name in PERSONAL]


@pytest.mark.parametrize("address", ADDRESSES)
def test_personal_data_raises_in_development(client, address):
    with pytest.raises(PersonalDataError):
        client.get(address)


@pytest.mark.parametrize("address", ADDRESSES)
@override_settings(CACHE_GUARD_RAISES=False)
def test_personal_data_is_sent_but_not_stored_in_production(client, caplog, address):
    for _ in range(2):
        response = client.get(address)
        assert response.headers["X-Cache"] == "bypass"
        assert response.headers["Cache-Control"] == "private, no-store"
    assert f"{address} is not stored" in caplog.text


@pytest.mark.parametrize(("path", "is_stored"), [("/empty", True), ("/varying", False)])
def test_page_that_varies_on_cookies_is_not_stored(client, path, is_stored):
    outcomes = [client.get(path).headers["X-Cache"] for _ in range(2)]
    assert outcomes == ["miss", "hit" if is_stored else "miss"]


def test_page_that_a_middleware_adds_a_cookie_to_is_not_stored(client, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.cookie_for_everybody"]
    assert [client.get("/empty").headers["X-Cache"] for _ in range(2)] == ["miss", "miss"]


@override_settings(CACHE_GUARD_RAISES=False)
def test_personal_data_of_a_page_that_would_not_be_stored_yet_is_for_no_cache_either(client):
    response = client.get("/unbounded")
    assert response.headers["Cache-Control"] == "private, no-store"


def test_function_under_the_page_cache_answers_other_methods_itself(client):
    response = client.post("/covered")
    assert (response.content, "X-Cache" in response.headers) == (b"0", False)


def test_reading_what_the_tags_cover_is_fine(client):
    assert client.get("/covered").content == b"0"
    assert client.get("/sellers").content == b"0"


def test_rows_are_noted_for_a_page_only_while_it_is_rendered(client):
    client.get("/covered")
    assert reads._watch.get() is None


def test_reading_what_no_tag_covers_raises(client):
    with pytest.raises(UncoveredReadError, match="catalogue_product"):
        client.get("/uncovered")


@pytest.mark.parametrize("address", ["/writing", pytest.param("/locking", marks=pytest.mark.postgres)])
def test_writing_for_a_page_that_is_shared_raises_in_development(client, address):
    with pytest.raises(SharedWriteError):
        client.get(address)


@override_settings(CACHE_GUARD_RAISES=False)
def test_writing_for_a_page_that_is_shared_is_logged_in_production(client, caplog):
    assert client.get("/writing").content == b"written"
    assert "must not write: INSERT INTO" in caplog.text


def test_which_sellers_there_are_is_covered_by_no_tag_of_every_page(client):
    with pytest.raises(UncoveredReadError, match="sellers_seller"):
        client.get("/sellers-unnamed")


def test_row_that_is_shown_must_be_one_whose_version_was_read(client):
    first, second = ProductFactory(), ProductFactory()
    with pytest.raises(UncoveredReadError, match=f"catalogue.Product {second.pk}"):
        client.get("/showing")
    with clearing():
        second.delete()
    assert client.get("/showing").content.decode() == first.title


def test_row_that_is_looked_for_must_be_one_whose_version_is_found(client):
    product = ProductFactory()
    with pytest.raises(UncoveredReadError, match=f"catalogue.Product {product.pk}"):
        client.get("/unfound")


@pytest.mark.parametrize(("address", "shown"), [("/uncovered", b"1"), ("/sellers-unnamed", b"1")])
@override_settings(CACHE_GUARD_RAISES=False)
def test_what_no_tag_covers_is_sent_but_not_stored_in_production(client, caplog, address, shown):
    ProductFactory()
    for _ in range(2):
        response = client.get(address)
        assert (response.content, response.headers["X-Cache"]) == (shown, "bypass")
    assert f"{address} is not stored" in caplog.text


@override_settings(CACHE_GUARD_RAISES=False)
def test_row_whose_version_was_not_read_is_sent_but_not_stored_in_production(client):
    ProductFactory.create_batch(2)
    assert [client.get("/showing").headers["X-Cache"] for _ in range(2)] == ["bypass", "bypass"]


def test_row_that_appeared_meanwhile_is_no_fault(client, monkeypatch):
    ProductFactory()
    read = dependencies.read_versions

    def read_and_add(tags):
        versions = read(tags)
        ProductFactory()
        return versions

    monkeypatch.setattr(dependencies, "read_versions", read_and_add)
    assert client.get("/showing").status_code == 200


READING = [
    'SELECT * FROM "catalogue_product"',
    "select title from catalogue_product where id = 1",
    'SELECT p.title FROM "catalogue_product" AS p',
    'SELECT * FROM public."catalogue_product" p',
    'SELECT * FROM caching_version, "catalogue_product"',
    "SELECT * FROM caching_version v, catalogue_product p WHERE true",
    "SELECT * FROM caching_version JOIN catalogue_product ON true",
    'SELECT * FROM caching_version LEFT OUTER JOIN "catalogue_product" T3 ON true',
    'SELECT * FROM caching_version WHERE EXISTS (SELECT 1 FROM "catalogue_product" U0)',
    "WITH found AS (SELECT id FROM CATALOGUE_PRODUCT) SELECT * FROM found",
    'SELECT * FROM caching_version UNION ALL SELECT * FROM\n"catalogue_product"',
]


@pytest.mark.parametrize("sql", READING)
def test_table_is_seen_however_it_is_read(sql):
    assert uncovered_tables(sql, frozenset({"site"})) == ["catalogue_product"]
    assert uncovered_tables(sql, frozenset({"site", "products"})) == []


@pytest.mark.parametrize(
    "sql", ["SELECT 'FROM catalogue_product'", 'SELECT 1 FROM "catalogue_product_of_others"']
)
def test_table_that_is_only_spoken_of_is_not_read(sql):
    assert uncovered_tables(sql, frozenset({"site"})) == []


@pytest.mark.parametrize(
    ("sql", "listed"),
    [
        ('SELECT * FROM "sellers_seller"', True),
        ('SELECT * FROM caching_version v, "sellers_seller" AS s', True),
        ("SELECT * FROM caching_version WHERE EXISTS (SELECT 1 FROM sellers_seller)", True),
        ("SELECT * FROM caching_version INNER JOIN sellers_seller ON true", False),
        ('SELECT "sellers_seller"."name" FROM caching_version LEFT JOIN "sellers_seller" ON true', False),
    ],
)
def test_table_that_is_joined_is_told_from_one_that_is_listed(sql, listed):
    assert bool(uncovered_tables(sql, frozenset({"card"}))) is listed


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "x" VALUES (1)',
        "  update x set y = 1",
        "DELETE FROM x",
        "WITH gone AS (DELETE FROM x RETURNING *) SELECT * FROM gone",
        "REPLACE INTO x VALUES (1)",
        "SELECT * FROM x FOR UPDATE SKIP LOCKED",
        "SELECT * FROM x FOR NO KEY UPDATE",
        "SELECT * FROM x FOR SHARE",
        "TRUNCATE x",
    ],
)
def test_write_is_seen(sql):
    assert is_write(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT REPLACE(title, 'a', 'b') FROM x",
        "SELECT 'DELETE FROM x'",
        'SELECT "update" FROM "delete"',
        'SELECT updated_at, "x"."created" FROM x',
        "SAVEPOINT s1",
        'RELEASE SAVEPOINT "s1"',
    ],
)
def test_reading_is_no_write(sql):
    assert not is_write(sql)


def test_signed_in_visitor_gets_the_shared_page(client, staff, staff_client):
    ProductFactory()
    assert client.get("/covered").headers["X-Cache"] == "miss"
    response = staff_client.get("/covered")
    assert response.headers["X-Cache"] == "hit"
    assert "Cookie" not in response.headers["Vary"]


def test_page_over_the_item_limit_is_sent_and_not_stored(client, monkeypatch):
    monkeypatch.setattr("shop.caching.tiers.ITEM_LIMIT", 1000)
    for _ in range(2):
        response = client.get("/huge")
        assert response.headers["X-Cache"] == "miss"
        assert len(response.content) == 256 * 8000
