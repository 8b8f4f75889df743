"""Every column of each tracked model, changed by itself: each page that should look different does.

A column that no change below tries has to be among its model's `not_shown`.
"""

from datetime import UTC, datetime

import pytest

from shop.browse.views import FacetPanel, ProductList, SuggestionList
from shop.caching.pages import CachedPage
from shop.caching.versions import clearing
from shop.catalogue.models import Category, Photo, Product, Variant
from shop.reviews.models import Review, ReviewPhoto
from shop.sellers.models import Seller
from tests.factories import PhotoFactory, ReviewFactory, ReviewPhotoFactory
from tests.public_pages import PAGES, pages_that_differ, rendered_anew, shown_on, stock

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

# Others of the same kinds show nothing more of a row.
NAMES = [
    *("home", "by price", "by rating", "of a brand", "category", "product", "reviews", "seller"),
    *("facets of a category", "of one material", "found", "sitemap", "sitemap of sellers"),
]
SHOWN = {name: PAGES[name] for name in NAMES} | {
    "of the other brand": "/products/?brand=Lumen",
    "variant": "/products/vase/?variant=V-2",
}
LATER = datetime(2026, 6, 1, tzinfo=UTC)
LONG = "Something **else** altogether."

# Changes of one column, or of those that constraints tie together, each on top of those before it.
# "Other" is another row of that kind.
CHANGES = {
    Product: [
        *({"title": "Urn"}, {"brand": "Lumen"}, {"description": LONG}, {"care": LONG}),
        *({"specifications": [["Material", "Glass"]]}, {"option_names": ["Width"]}, {"listed_at": LATER}),
        *({"price_max": "99.00"}, {"price": "2.00"}, {"compare_at_price": "66.00"}, {"currency": "USD"}),
        *({"stock_shown": 0}, {"stock_shown": 3}, {"rating_sum": 5, "stars_4": 0, "stars_5": 1}),
        {"rating_count": 3, "rating_sum": 6, "stars_5": 0, "stars_1": 1, "stars_2": 1, "stars_3": 1},
        *({"slug": "urn"}, {"category": "Other"}, {"seller": "Other"}, {"status": "archived"}),
    ],
    Variant: [
        *({"sku": "V-9"}, {"option_values": ["Huge"]}, {"price": "3.00"}, {"compare_at_price": "88.00"}),
        *({"currency": "USD"}, {"stock": 0}, {"stock": 2}, {"position": 9}),
        # As dear as the other: the default is the one that is shown first.
        *({"price": "60.00"}, {"is_default": False}),
    ],
    Photo: [
        *({"file": "photos/other.jpg"}, {"width": 300}, {"height": 300}, {"alt": "A jug"}, {"tint": "ink"}),
        {"position": 9},
    ],
    Seller: [
        *({"name": "Oven"}, {"craft": "Baking"}, {"place": "Ghent"}, {"since": 1999}, {"about": LONG}),
        *({"contact_email": "oven@example.com"}, {"logo": "logos/other.webp"}, {"logo_width": 12}),
        *({"logo_height": 12}, {"slug": "oven"}),
    ],
    Category: [
        *({"name": "Arks"}, {"position": 9}, {"introduction": LONG}, {"slug": "urns", "path": "decor/urns"}),
        {"parent": "Other", "path": "light/urns"},
    ],
    Review: [
        *({"rating": 1}, {"title": "Hm"}, {"text": LONG}, {"author_name": "Bea"}, {"published_at": LATER}),
        *({"edited_at": LATER}, {"is_verified": True}, {"helpful_count": 7}, {"unhelpful_count": 7}),
        *({"reply": LONG, "replied_at": LATER}, {"state": "rejected"}),
    ],
    ReviewPhoto: [
        *({"file": "reviews/other.jpg"}, {"width": 300}, {"height": 300}, {"tint": "ink"}, {"position": 9}),
    ],
}


@pytest.fixture
def shop(monkeypatch):
    for view in (CachedPage, ProductList, FacetPanel, SuggestionList):
        monkeypatch.setattr(view, "is_unbounded", lambda page: False)
    vase = stock()
    other = Product.objects.get(slug="lamp")
    PhotoFactory(product=vase, alt="Its foot", position=1)
    with clearing():
        Product.objects.filter(pk=vase.pk).update(option_names=["Size"])
        vase.variants.update(option_values=["Small"], sku="V-1")
        variant = vase.variants.get()
        Variant.objects.create(product=vase, sku="V-2", price="60.00", stock=9, option_values=["Large"])
        Seller.objects.filter(pk=vase.seller_id).update(logo="logos/kiln.webp", logo_width=9, logo_height=9)
    review = Review.objects.get(product=vase, state="published")
    ReviewFactory(product=other)
    rows = {
        Product: vase,
        Variant: variant,
        Photo: vase.photos.first(),
        Seller: vase.seller,
        Category: vase.category,
        Review: review,
        ReviewPhoto: ReviewPhotoFactory(review=review),
    }
    ReviewPhotoFactory(review=review, position=1)
    others = {"product": other, "seller": other.seller, "category": other.category, "parent": other.category}
    return rows, others


@pytest.mark.parametrize("model", CHANGES, ids=lambda model: model.__name__)
def test_each_column_that_a_page_shows_renews_it(client, shop, model):
    rows, others = shop
    before, unseen = rendered_anew(client, SHOWN), []
    for change in CHANGES[model]:
        row = model.objects.get(pk=rows[model].pk)
        values = {name: others[name] if value == "Other" else value for name, value in change.items()}
        write(row, values)
        shown, truth = shown_on(client, SHOWN), rendered_anew(client, SHOWN)
        assert pages_that_differ(shown, truth) == [], change
        unseen += [] if pages_that_differ(before, truth) else [change]
        before = truth
    assert unseen == [], "no page shows these, so they belong among the others"


@pytest.mark.parametrize("model", CHANGES, ids=lambda model: model.__name__)
def test_no_column_is_forgotten(model):
    tried = {name for change in CHANGES[model] for name in change}
    columns = {field.name for field in model._meta.concrete_fields}
    assert columns - tried == model.not_shown


def write(row, values):
    """Change columns as the shop does, which counts ratings after a review has changed."""
    if isinstance(row, Review | ReviewPhoto):
        review = row if isinstance(row, Review) else row.review
        with review.changing():
            update(row, values)
            review.refresh_from_db()
    else:
        update(row, values)


def update(row, values):
    type(row).objects.filter(pk=row.pk).update(**values)
