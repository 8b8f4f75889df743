import pytest
from django.core.cache import caches

from tests.factories import CategoryFactory, PhotoFactory, ProductFactory, SellerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def vases():
    return CategoryFactory(name="Vases", slug="vases", parent=CategoryFactory(name="Decor", slug="decor"))


@pytest.fixture
def product(vases):
    product = ProductFactory(
        title="Belly vase",
        slug="belly-vase",
        category=vases,
        option_names=["Size"],
        variants=[
            {"sku": "S", "option_values": ["Small"], "price": "30.00", "stock": 4},
            {"sku": "L", "option_values": ["Large"], "price": "50.00", "stock": 0},
        ],
        specifications=[["Material", "Stoneware"]],
        description="Holds **four** litres.\n\n<script>alert(1)</script>",
    )
    PhotoFactory(product=product)
    return product


def all_listed():
    for n in range(30):
        ProductFactory(title=f"Cup {n:02}")


def test_home_shows_shelves_rooms_and_makers(client, product):
    page = client.get("/").content.decode()
    for text in ("Belly vase", "Decor", product.seller.name, "from"):
        assert text in page


def test_product_page_shows_everything(client, product):
    page = client.get("/products/belly-vase/").content.decode()
    for text in (
        "€30.00",
        "Only 4 left",
        "<strong>four</strong>",
        "Stoneware",
        "Decor",
        "Vases",
        "image/avif",
    ):
        assert text in page
    assert "<script>alert" not in page


def test_product_page_shows_the_chosen_variant(client, product):
    page = client.get("/products/belly-vase/?variant=L").content.decode()
    assert "€50.00" in page
    assert "Sold out" in page


def test_unknown_variant_leads_to_the_product(client, product):
    response = client.get("/products/belly-vase/?variant=XXL")
    assert (response.status_code, response.url) == (302, "/products/belly-vase/")


def test_variant_swaps_only_the_offer(client, product):
    page = client.get("/products/belly-vase/?variant=L", headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div class="offer"')
    assert "<html" not in page


def test_draft_has_no_page(client):
    ProductFactory(slug="secret", status="draft")
    assert client.get("/products/secret/").status_code == 404


def test_archived_product_keeps_its_page_but_leaves_the_lists(client):
    product = ProductFactory(title="Old jug", slug="old-jug", status="archived")
    page = client.get("/products/old-jug/").content.decode()
    assert "No longer sold" in page
    assert "noindex" in page
    for address in (
        "/",
        "/products/",
        product.category.get_absolute_url(),
        product.seller.get_absolute_url(),
    ):
        assert "Old jug" not in client.get(address).content.decode()


def test_changed_slug_redirects_for_good(client, product):
    product.slug = "round-vase"
    product.save()
    product.slug = "big-vase"
    product.save()
    for old in ("belly-vase", "round-vase"):
        response = client.get(f"/products/{old}/?variant=L")
        assert (response.status_code, response.url) == (301, "/products/big-vase/?variant=L")


def test_slug_that_comes_back_is_found_again(client, product):
    for slug in ("round-vase", "belly-vase"):
        product.slug = slug
        product.save()
    assert client.get("/products/belly-vase/").status_code == 200
    assert client.get("/products/round-vase/").url == "/products/belly-vase/"


def test_moved_category_takes_descendants_and_addresses_along(client, vases, product):
    decor = vases.parent
    decor.slug = "ornament"
    decor.save()
    vases.refresh_from_db()
    assert vases.path == "ornament/vases"
    assert client.get("/categories/decor/vases/").url == "/categories/ornament/vases/"
    assert client.get("/categories/ornament/vases/").status_code == 200


def test_related_products_come_from_the_same_shelf_first(client, vases, product):
    bowls = CategoryFactory(name="Bowls", slug="bowls", parent=vases.parent)
    ProductFactory(title="Near vase", category=vases)
    ProductFactory(title="Bowl next door", category=bowls)
    ProductFactory(title="Elsewhere")
    page = client.get("/categories/decor/vases/related/belly-vase/").content.decode()
    assert page.index("Near vase") < page.index("Bowl next door")
    assert "Elsewhere" not in page
    assert client.get("/categories/decor/related/belly-vase/").status_code == 404


@pytest.mark.parametrize(("beside", "around"), [(0, 9), (2, 9), (4, 9), (9, 9), (9, 0)])
def test_page_of_related_products_is_stored_however_many_there_are(client, vases, product, beside, around):
    bowls = CategoryFactory(name="Bowls", slug="bowls", parent=vases.parent)
    ProductFactory.create_batch(beside, category=vases)
    ProductFactory.create_batch(around, category=bowls)
    path = "/categories/decor/vases/related/belly-vase/"
    assert [client.get(path).headers["X-Cache"] for _ in range(2)] == ["miss", "hit"]
    assert client.get(path).text.count('class="card"') == 4


def test_seller_page_is_paged(client):
    seller = SellerFactory(slug="kiln")
    for n in range(25):
        ProductFactory(seller=seller, title=f"Cup {n:02}")
    assert "Cup 24" in client.get("/sellers/kiln/").content.decode()
    assert "Cup 00" in client.get("/sellers/kiln/?page=2").content.decode()
    assert client.get("/sellers/kiln/?page=3").status_code == 404


def test_not_found_helps(client, product):
    response = client.get("/products/nothing/")
    assert response.status_code == 404
    assert "Belly vase" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/feed.xml", "/sitemap.xml", "/sitemap-products.xml", "/sitemap-categories.xml", "/sitemap-sellers.xml"],
)
def test_machine_pages(client, product, address):
    response = client.get(address)
    assert response.status_code == 200
    if "-products" in address or "feed" in address:
        assert "/products/belly-vase/" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/robots.txt", "/site.webmanifest", "/.well-known/security.txt", "/healthz", "/readyz"]
)
def test_small_pages(client, address):
    assert client.get(address).status_code == 200


def test_structured_data_agrees_with_the_page(client, product):
    response = client.get("/products/belly-vase/")
    data = response.context["structured_data"][0]
    assert [offer["price"] for offer in data["offers"]] == ["30.00", "50.00"]
    assert [offer["availability"].rpartition("/")[2] for offer in data["offers"]] == [
        "LimitedAvailability",
        "OutOfStock",
    ]
    assert "aggregateRating" not in data


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 16),
        ("/products/", 10),
        ("/categories/decor/", 10),
        ("/filters/", 6),
        ("/filters/decor/", 8),
        ("/products/?q=cup", 10),
        ("/suggestions/?q=cup", 8),
        ("/products/belly-vase/", 6),
        ("/sellers/kiln/", 7),
    ],
)
def test_query_counts(
    client, product, django_assert_max_num_queries, django_assert_num_queries, address, most
):
    product.seller.slug = "kiln"
    product.seller.save()
    all_listed()
    with django_assert_max_num_queries(most):
        assert client.get(address).headers["X-Cache"] == "miss"
    if "q=" in address:
        client.get(address)  # A search is kept once it is asked for again.
    with django_assert_num_queries(1):
        assert client.get(address).headers["X-Cache"] == "hit"
    caches["pages"].clear()
