"""Every write, every kind of page: what depends is new, and its neighbours are still hits."""

import pytest
from django.db import transaction
from django.urls import resolve

from shop.browse.views import FacetPanel, ProductList, SuggestionList
from shop.caching.pages import CachedPage
from shop.catalogue.models import Product
from shop.catalogue.sitemaps import SITEMAPS
from shop.sellers.models import SellerApplication
from tests.admin_forms import change_in_admin, confirm_in_admin
from tests.factories import UserFactory, picture_file
from tests.public_pages import (
    PAGES,
    cached_patterns,
    empty_caches,
    pages_that_differ,
    rendered_anew,
    shown_on,
    stock,
)
from tests.reviews import writes as reviews
from tests.selling import writes as selling

# What these render, others cover; to watch it line by line takes twice as long.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

PAGE = {"product", "related"}
REVIEWS = {"reviews", "best reviews"}
# Those that show the card, be it among the newest as nothing else was found; and all that might hold it.
CARD = PAGE | {
    *("home", "list", "by price", "by name", "by rating", "in stock", "found", "nothing found"),
    *("root", "category", "seller", "feed", "cheap", "of a brand", "suggestions"),
}
FACETS = {"facets", "facets of a root", "facets of a category", "facets of a range", "facets of an amount"}
OF_CATEGORY = {"facets of a root", "facets of a category"}
LISTS = CARD | FACETS | {"of one material", "of others", "of others, by price"}
LISTS |= {"sitemap", "sitemap index", "suggestions of others"}
PRICED = CARD | {"of others, by price", "facets of an amount"}
SEARCHES = {"found", "nothing found", "suggestions", "suggestions of others"}
# Pages of the products of the vase's seller, who is named on each of them.
ITS_PRODUCTS = PAGE | {"neighbour"}
ITS_REVIEWS = REVIEWS | {"neighbour's reviews"}
# Those that list sellers, or name some whether or not they have something.
SELLERS = {"sitemap of sellers", "sitemap index", "home", "of others", "of others, by price"}
EVERYTHING = set(PAGES)


@pytest.fixture(scope="module")
def stocked_once(django_db_setup, django_db_blocker):
    """A shop for all writes, each of which is undone, so that its pages are rendered once for all of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield stock()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clean_caches():
    """Keep what the test before has rendered: its versions come back when its write is undone."""
    yield
    empty_caches()


@pytest.fixture
def shop(stocked_once, db):
    return Product.objects.get(pk=stocked_once.pk)


def variant(**values):
    return lambda client, vase: change_in_admin(client, vase, inline={("variants", 0): values})


def product(**values):
    return lambda client, vase: change_in_admin(client, vase, values)


def move_to(slug):
    def write(client, vase):
        target = vase.category.__class__.objects.get(slug=slug)
        return change_in_admin(client, vase, {"category": target.pk})

    return write


def add_photo(client, vase):
    row = {"file": picture_file(colour=(90, 90, 90)), "alt": "From above", "position": 1}
    return change_in_admin(client, vase, inline={("photos", 1): row})


def change_alt(client, vase):
    return change_in_admin(client, vase, inline={("photos", 0): {"alt": "From below"}})


def bulk(action, **fields):
    def write(client, vase):
        return confirm_in_admin(client, "/admin/catalogue/product/", action, [vase], **fields)

    return write


def list_the_draft(client, vase):
    draft = Product.objects.get(slug="secret")
    return confirm_in_admin(client, "/admin/catalogue/product/", "list_products", [draft])


def edit_the_draft(client, vase):
    return change_in_admin(client, Product.objects.get(slug="secret"), {"title": "Still secret"})


def delete(client, vase):
    return client.post(f"/admin/catalogue/product/{vase.pk}/delete/", {"post": "yes"})


def delete_selected(client, vase):
    data = {"action": "delete_selected", "_selected_action": [vase.pk], "post": "yes"}
    return client.post("/admin/catalogue/product/", data)


def category(**values):
    return lambda client, vase: change_in_admin(client, vase.category, values)


def reposition_categories(client, vase):
    category = vase.category
    page = client.get("/admin/catalogue/category/").context["cl"].formset
    data = {page.add_prefix(i) + "-id": form.instance.pk for i, form in enumerate(page.forms)}
    data |= {page.add_prefix(i) + "-position": 5 + i for i, _ in enumerate(page.forms)}
    data |= {f"{page.prefix}-{name}": value for name, value in page.management_form.initial.items()}
    assert category.position == 0
    return client.post("/admin/catalogue/category/", data | {"_save": "Save"})


def seller(**values):
    return lambda client, vase: change_in_admin(client, vase.seller, values)


def change_logo(client, vase):
    return change_in_admin(client, vase.seller, {"logo": picture_file()})


def public_email(client, vase):
    return selling.seller_of(vase).post("/sell/contact/", {"contact_email": "kiln@other.example"})


def approve_a_seller(client, vase):
    facts = {"name": "Loom", "slug": "loom", "craft": "Linen", "about": "We weave."}
    application = SellerApplication.objects.create(user=UserFactory(), **facts)
    return change_in_admin(client, application, {"decision": "approve"})


def reject_a_seller(client, vase):
    application = SellerApplication.objects.create(user=UserFactory(), name="Loom", slug="loom")
    return change_in_admin(client, application, {"decision": "reject", "reason": "Too little is said."})


WRITES = [
    ("price", variant(price="21.00"), PRICED),
    ("price of another band", variant(price="31.00"), PRICED | FACETS),
    ("former price", variant(compare_at_price="40.00"), CARD),
    ("stock not shown", variant(stock=15), set()),
    ("stock runs low", variant(stock=3), CARD),
    ("stock runs out", variant(stock=0), CARD | FACETS),
    ("SKU", variant(sku="NEW-1"), {"product", "related"}),
    ("title", product(title="Tall vase"), CARD | SEARCHES | REVIEWS),
    ("description", product(description="Now taller."), PAGE | SEARCHES),
    (
        "specifications",
        product(specifications="Height: 30 cm"),
        PAGE | SEARCHES | OF_CATEGORY | {"of one material"},
    ),
    ("saved unchanged", product(), set()),
    ("slug", product(slug="vase-2"), LISTS | REVIEWS),
    ("archived", product(status="archived"), LISTS | REVIEWS),
    (
        "to another root",
        move_to("light"),
        LISTS | {"elsewhere", "related elsewhere", "facets of others"} | REVIEWS,
    ),
    ("to a sibling", move_to("bowls"), LISTS | {"sibling"} | REVIEWS),
    ("photo added", add_photo, CARD),
    ("photo's text", change_alt, CARD | REVIEWS),
    ("archived in bulk", bulk("archive_products"), LISTS | REVIEWS),
    ("prices in bulk", bulk("change_prices", percent="10", step="0.01"), PRICED),
    ("draft edited", edit_the_draft, set()),
    ("draft listed in bulk", list_the_draft, LISTS - {"product"}),
    ("deleted", delete, LISTS | REVIEWS),
    ("deleted in bulk", delete_selected, LISTS | REVIEWS),
    ("seller: saved unchanged", selling.save(), set()),
    ("seller: price", selling.save(variants__price="21.00"), PRICED),
    ("seller: stock not shown", selling.save(variants__stock="15"), set()),
    ("seller: stock runs out", selling.save(variants__stock="0"), CARD | FACETS),
    ("seller: draft kept", selling.keep_a_draft, set()),
    ("seller: title sent", selling.save(title="Tall vase"), set()),
    ("seller: title sent back", selling.decide("reject", title="Tall vase"), set()),
    ("seller: title approved", selling.decide("approve", title="Tall vase"), CARD | SEARCHES | REVIEWS),
    ("seller: description approved", selling.decide("approve", description="Now taller."), PAGE | SEARCHES),
    ("seller: category approved", selling.move_and_approve("bowls"), LISTS | {"sibling"} | REVIEWS),
    ("seller: photo approved", selling.add_photo_and_approve, CARD),
    ("seller: new product sent", selling.send_the_draft, set()),
    ("seller: new product approved", selling.send_and_approve_the_draft, LISTS - {"product"}),
    ("seller: prices in bulk", selling.bulk("prices", percent="5"), PRICED),
    ("seller: stock in bulk", selling.bulk("stock", stock="99"), set()),
    ("seller: archived in bulk", selling.bulk("archiving"), LISTS | REVIEWS),
    ("seller: deleted", selling.delete, LISTS | REVIEWS),
    ("review: written", reviews.write, CARD | FACETS | REVIEWS),
    ("review: written, to be approved", reviews.write_to_wait, set()),
    ("review: written with the average", reviews.write_average, CARD | REVIEWS),
    ("review: text edited", reviews.edit(text="On second thoughts."), REVIEWS | {"product"}),
    ("review: stars edited", reviews.edit(rating="1"), CARD | FACETS | REVIEWS),
    ("review: waiting one edited", reviews.edit_waiting, set()),
    ("review: saved unchanged", reviews.edit(), set()),
    ("review: approved in bulk", reviews.approve_waiting, CARD | FACETS | REVIEWS),
    ("review: approved again", reviews.approve_published, set()),
    ("review: rejected in bulk", reviews.reject_published, CARD | FACETS | REVIEWS),
    ("review: waiting one rejected", reviews.reject_waiting, set()),
    ("review: deleted by its author", reviews.delete, CARD | FACETS | REVIEWS),
    ("review: deleted in the admin", reviews.delete_in_admin, CARD | FACETS | REVIEWS),
    ("review: vote", reviews.vote, REVIEWS | {"product"}),
    ("review: vote taken back", reviews.vote_and_take_back, REVIEWS | {"product"}),
    ("review: no vote taken back", reviews.take_back_nothing, set()),
    ("review: reply", reviews.reply, REVIEWS | {"product"}),
    ("review: report", reviews.report, set()),
    ("category renamed", category(name="Vessels"), EVERYTHING),
    ("category saved unchanged", category(), set()),
    ("category's introduction", category(introduction="For flowers."), {"category", "facets of a category"}),
    ("categories ordered", reposition_categories, EVERYTHING),
    ("seller renamed", seller(name="The Kiln"), LISTS | SELLERS | ITS_PRODUCTS | ITS_REVIEWS | {"sibling"}),
    ("seller moved", seller(place="Ghent"), SELLERS | ITS_PRODUCTS | {"seller"}),
    ("seller's public email", public_email, ITS_PRODUCTS | {"seller"}),
    ("seller's text", seller(about="We fire."), {"seller"}),
    ("seller's logo", change_logo, {"seller"}),
    ("seller saved unchanged", seller(), set()),
    ("seller approved", approve_a_seller, SELLERS),
    ("seller rejected", reject_a_seller, set()),
]


@pytest.mark.parametrize(("write", "cleared"), [row[1:] for row in WRITES], ids=[row[0] for row in WRITES])
def test_write_clears_what_shows_it_and_nothing_else(
    client, staff_client, shop, write, cleared, record_property, monkeypatch
):
    # So that all are kept at once; that some are not, tests/caching/test_variants.py tries.
    for view in (CachedPage, ProductList, FacetPanel, SuggestionList):
        monkeypatch.setattr(view, "is_unbounded", lambda page: False)
    # Most are from the test before, and hits at once.
    assert any(outcomes(client) == dict.fromkeys(PAGES, "hit") for _ in range(2))
    response = write(staff_client, shop)
    assert response.status_code == 302, response.context["errors"]
    responses = shown_on(client, PAGES)
    renewed = [name for name, response in responses.items() if response.headers.get("X-Cache") != "hit"]
    record_property("renewed", renewed)
    assert set(renewed) == cleared
    assert pages_that_differ(responses, rendered_anew(client)) == []


def test_every_page_that_visitors_share_is_among_the_pages():
    in_table = {resolve(address.partition("?")[0]).view_name for address in PAGES.values()}
    assert {pattern.name for pattern in cached_patterns()} - in_table == set()
    assert {f"/sitemap-{section}.xml" for section in SITEMAPS} - set(PAGES.values()) == set()


def outcomes(client):
    return {name: response.headers.get("X-Cache") for name, response in shown_on(client, PAGES).items()}
