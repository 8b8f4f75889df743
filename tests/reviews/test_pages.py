import json
import re

import pytest

from tests.factories import ProductFactory, ReviewFactory, ReviewPhotoFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/products/vase/reviews/"


@pytest.fixture
def vase():
    return ProductFactory(title="Vase", slug="vase")


@pytest.fixture
def reviewed(vase):
    ReviewFactory(product=vase, rating=5, text="First of all.", helpful_count=1)
    ReviewFactory(product=vase, rating=3, text="Second thoughts.", helpful_count=7)
    with_photo = ReviewFactory(product=vase, rating=3, text="Third time lucky.")
    ReviewPhotoFactory(review=with_photo)
    ReviewFactory(product=vase, rating=1, text="Not shown at all.", state="waiting")
    return vase


def texts(client, address):
    return [review.text.split()[0] for review in client.get(address).context["reviews"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Third", "Second", "First"]),
        ("?sort=helpful", ["Second", "First", "Third"]),
        ("?sort=highest", ["First", "Third", "Second"]),
        ("?sort=lowest", ["Third", "Second", "First"]),
        ("?stars=3", ["Third", "Second"]),
        ("?stars=1", []),
        ("?photos=1", ["Third"]),
        ("?stars=3&sort=helpful&photos=", ["Second", "Third"]),
        ("?stars=9&sort=nonsense&page=x&photos=2", ["Third", "Second", "First"]),
    ],
)
def test_sorting_and_narrowing(client, reviewed, query, expected):
    assert texts(client, PAGE + query) == expected


@pytest.mark.parametrize("query", ["?utm_source=x", "?sort=", "?page=1", "?stars=7", "?page=-1", "?sort=%00"])
def test_what_means_the_same_is_one_entry(client, reviewed, query):
    assert client.get(PAGE).headers["X-Cache"] == "miss"
    assert client.get(PAGE + query).headers["X-Cache"] == "hit"


def test_pages(client, vase):
    for n in range(11):
        ReviewFactory(product=vase, text=f"Review {n:02}.")
    assert "Review 00." not in client.get(PAGE).content.decode()
    assert "Review 00." in client.get(f"{PAGE}?page=2").content.decode()
    assert client.get(f"{PAGE}?page=3").status_code == 404


def test_page_for_htmx_is_the_list_alone(client, reviewed):
    page = client.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div class="reviews__list"')
    assert "<html" not in page


@pytest.mark.parametrize(("status", "code"), [("draft", 404), ("archived", 200), ("listed", 200)])
def test_page_is_there_where_the_products_is(client, status, code):
    ProductFactory(slug="jug", status=status)
    assert client.get("/products/jug/reviews/").status_code == code


def test_product_page_shows_average_bars_and_reviews(client, reviewed):
    page = client.get("/products/vase/").content.decode()
    for text in ("3.7", "3 reviews", "First of all.", "Second thoughts.", f"{PAGE}?stars=3"):
        assert text in page
    assert "Not shown at all." not in page
    assert f"{PAGE}?stars=2" not in page


def test_product_page_shows_the_most_helpful_first_and_nothing_twice(client, vase):
    for n in range(9):
        ReviewFactory(product=vase, text=f"Review {n}.", helpful_count=n % 5)
    page = client.get("/products/vase/").content.decode()
    order = re.findall(r"<p>Review (\d)", page)
    assert order == ["4", "8", "3", "7", "6", "5"]


def test_texts_are_paragraphs_without_markup(client, vase):
    ReviewFactory(
        product=vase,
        title="<b>Bold</b>",
        text="One.\n\n<script>alert(1)</script>\n\n**not bold**",
        author_name="<i>Me</i>",
        reply="<img src=x onerror=alert(1)>",
    )
    for address in (PAGE, "/products/vase/"):
        page = client.get(address).content.decode()
        assert "<p>One.</p>" in page
        for markup in ("<b>", "<script>alert", "<img src=x", "<i>", "<strong>not"):
            assert markup not in page


def test_stars_are_words_for_those_who_listen(client, reviewed):
    assert 'role="img" aria-label="3 out of 5 stars"' in client.get(PAGE).content.decode()


def structured_product(client, address):
    page = client.get(address).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    (product,) = [data for data in map(json.loads, blocks) if data["@type"] == "Product"]
    return page, product


@pytest.mark.parametrize("address", ["/products/vase/", PAGE, f"{PAGE}?stars=3", f"{PAGE}?sort=highest"])
def test_structured_data_says_what_the_page_shows(client, reviewed, address):
    page, product = structured_product(client, address)
    rating = product["aggregateRating"]
    assert (rating["ratingValue"], rating["reviewCount"]) == (3.7, 3)
    assert f'rating-summary__average">{rating["ratingValue"]}<' in page
    shown = re.findall(r'id="review-\d+".*?aria-label="(\d) out.*?<p>(.*?)</p>\s*</div>', page, re.DOTALL)
    told = [
        (str(review["reviewRating"]["ratingValue"]), review["reviewBody"]) for review in product["review"]
    ]
    assert told == [(stars, text) for stars, text in shown]
    assert len(told) == (2 if "stars" in address else 3)


@pytest.mark.parametrize("address", ["/products/vase/", PAGE])
def test_structured_data_of_a_product_without_reviews_has_no_rating(client, vase, address):
    _, product = structured_product(client, address)
    assert not {"aggregateRating", "review"} & product.keys()


@pytest.mark.parametrize(("address", "most"), [("/products/vase/", 10), (PAGE, 9)])
def test_query_counts(client, vase, django_assert_max_num_queries, django_assert_num_queries, address, most):
    for n in range(12):
        ReviewPhotoFactory(review=ReviewFactory(product=vase, helpful_count=n % 3, reply="Thanks"))
    with django_assert_max_num_queries(most):
        assert client.get(address).headers["X-Cache"] == "miss"
    with django_assert_num_queries(1):
        assert client.get(address).headers["X-Cache"] == "hit"


@pytest.mark.parametrize("method", ["put", "delete", "options"])
def test_other_methods_have_an_answer(client, vase, method):
    assert getattr(client, method)(PAGE).status_code == (200 if method == "options" else 405)


def test_signed_in_visitor_shares_the_page(client, reviewed):
    assert client.get(PAGE).headers["X-Cache"] == "miss"
    client.force_login(UserFactory())
    assert client.get(PAGE).headers["X-Cache"] == "hit"
