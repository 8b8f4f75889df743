"""Each parameter has one canonical form: what finds a page's tags and what shows it read the same."""

from urllib.parse import quote, urlencode

import pytest
from django.test import RequestFactory
from django.urls import resolve
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.browse.views.cards import CardList
from shop.caching.pages import policy_of
from shop.caching.parameters import one_of, short_text
from shop.caching.versions import clearing
from shop.catalogue.models import Variant
from shop.catalogue.sitemaps import ProductSitemap
from shop.reviews.views.reviews import ProductReviews
from tests.factories import CategoryFactory, ProductFactory, ReviewFactory, SellerFactory

SECOND = ["2", "02", " 2", "2 ", "+2", "2.0", "２", "٢", "0002", "2&page=2", "1&page=2", "2&evil=1", "2\n"]
FIRST = [
    "",
    "1",
    "01",
    "0",
    "-1",
    "last",
    "1e1",
    "2.5",
    "٪",
    "\0",
    "99999999999",
    "9" * 200,
    "½",
    "two",
    "2&page=",
]
LISTS = ["/sellers/kiln/", "/products/", "/categories/decor/"]


@pytest.fixture
def shop(db, monkeypatch):
    monkeypatch.setattr(CardList, "paginate_by", 2)
    category, seller = CategoryFactory(slug="decor"), SellerFactory(slug="kiln")
    return ProductFactory.create_batch(4, category=category, seller=seller)


def address_of(path, number, name="page"):
    return f"{path}?{name}={quote(number, safe='&=')}"


@pytest.mark.parametrize("path", LISTS)
def test_second_page_is_one_entry_however_it_is_written_and_new_after_a_write(client, shop, path):
    spelt = [address_of(path, number) for number in SECOND]
    outcomes = [client.get(address).headers["X-Cache"] for address in spelt]
    assert outcomes == ["miss", *["hit"] * (len(SECOND) - 1)]
    set_price(shop[0], "77.77")
    for address in spelt:
        assert "€77.77" in client.get(address).content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_what_is_no_page_shows_the_first_and_is_new_after_a_write(client, shop, path):
    newest, spelt = shop[-1], [address_of(path, number) for number in FIRST]
    for address in spelt:
        assert newest.title in client.get(address).content.decode()
    set_price(newest, "77.77")
    for address in [path, *spelt]:
        assert "€77.77" in client.get(address).content.decode()


@pytest.mark.parametrize("number", ["3", "1000000"])
@pytest.mark.parametrize("path", LISTS)
def test_page_after_the_last_is_not_found(client, shop, path, number):
    assert client.get(address_of(path, number)).status_code == 404


def test_second_page_of_reviews_is_one_entry_however_it_is_written(client, shop, monkeypatch):
    monkeypatch.setattr(ProductReviews, "paginate_by", 1)
    first, _ = ReviewFactory.create_batch(2, product=shop[0])
    spelt = [address_of(f"/products/{shop[0].slug}/reviews/", number) for number in SECOND]
    outcomes = [client.get(address).headers["X-Cache"] for address in spelt]
    assert outcomes == ["miss", *["hit"] * (len(SECOND) - 1)]
    first.answer("Thank you.")
    assert all("Thank you." in client.get(address).content.decode() for address in spelt)


@pytest.mark.parametrize("numbers", [SECOND, FIRST])
def test_page_of_a_sitemap_is_one_entry_however_it_is_written(client, shop, monkeypatch, numbers):
    monkeypatch.setattr(ProductSitemap, "limit", 2)
    spelt = [address_of("/sitemap-products.xml", number.replace("page", "p"), "p") for number in numbers]
    outcomes = [client.get(address).headers["X-Cache"] for address in spelt]
    assert outcomes == ["miss", *["hit"] * (len(numbers) - 1)]


@pytest.mark.parametrize("spelling", ["SKU-1", " SKU-1", "SKU-1 ", "other&variant=SKU-1"])
def test_variant_is_one_entry_however_it_is_written(client, db, spelling):
    ProductFactory(slug="vase", variants=[{"sku": "SKU-1"}, {"sku": "SKU-2"}])
    client.get("/products/vase/?variant=SKU-1")
    assert client.get(f"/products/vase/?variant={quote(spelling, safe='&=')}").headers["X-Cache"] == "hit"


def set_price(product, price):
    with clearing():
        product = type(product).objects.for_page().locked().get(pk=product.pk)
        Variant.objects.filter(product=product).update(price=price)
        product = type(product).objects.for_page().get(pk=product.pk)
        product.summarise_variants()
        product.save()


PATHS = [
    *("/", "/products/", "/categories/decor/vases/", "/filters/", "/filters/decor/", "/suggestions/"),
    *("/sellers/kiln/", "/products/vase/", "/products/vase/reviews/", "/feed.xml", "/sitemap.xml"),
    *("/sitemap-products.xml", "/sitemap-sellers.xml", "/categories/decor/related/vase/"),
]
NAMES = [
    *(
        "page",
        "p",
        "q",
        "sort",
        "stars",
        "photos",
        "variant",
        "category",
        "seller",
        "brand",
        "spec",
        "rating",
    ),
    *("price_min", "price_max", "in_stock", "literal", "ignored", "utm_source"),
]
VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from([*SECOND, *FIRST, "price", "newest", "helpful", "5", "-0", "1E+2", "0.50", "a  b"]),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
)
QUERIES = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5)


@given(st.sampled_from(PATHS), QUERIES, st.randoms())
@settings(deadline=None, max_examples=100)
def test_canonical_form_is_stable_and_has_one_order(path, query, random):
    request, policy = planned(path, query)
    again, same = planned(path, [(name, v) for name, values in request.GET.lists() for v in values])
    if "ignored" not in request.GET:
        assert (again.get_full_path(), same.tags) == (request.get_full_path(), policy.tags)
    # The order of different names means nothing; the last of one name counts, where one does.
    last = list(dict(query).items())
    shuffled = random.sample(last, len(last))
    assert planned(path, shuffled)[0].get_full_path() == planned(path, last)[0].get_full_path()


@given(st.sampled_from(PATHS), QUERIES)
@settings(deadline=None, max_examples=100)
def test_number_of_a_page_is_read_without_a_second_thought(path, query):
    request, _ = planned(path, query)
    for name in ("page", "p"):
        number = request.GET.get(name, "2")
        assert number.isascii()
        assert str(int(number)) == number
        assert 2 <= int(number) <= 1_000_000


def planned(path, query):
    request = RequestFactory().get(f"{path}?{urlencode(query, errors='replace')}")
    return request, policy_of(request, resolve(path))


@pytest.mark.parametrize(
    ("read", "typed", "form"),
    [
        (one_of("name", "price"), "price", "price"),
        (one_of("name", "price"), "Price", ""),
        (one_of("name", "price"), "", ""),
        (short_text(3), " abc ", "abc"),
        (short_text(3), "abcd", ""),
        (short_text(3), "", ""),
    ],
)
def test_what_is_typed_has_one_form_or_is_dropped(read, typed, form):
    assert read(typed) == form
