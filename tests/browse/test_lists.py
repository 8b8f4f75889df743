import pytest

from tests.factories import CategoryFactory, ProductFactory, ReviewFactory, SellerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue():
    decor = CategoryFactory(name="Decor", slug="decor")
    vases = CategoryFactory(name="Vases", slug="vases", parent=decor)
    kiln, loom = SellerFactory(name="Kiln", slug="kiln"), SellerFactory(name="Loom", slug="loom")
    ProductFactory(title="Blue vase", category=vases, seller=kiln, price="30.00", stock=0)
    ProductFactory(title="Red vase", category=vases, seller=kiln, price="10.00")
    ProductFactory(title="Wall cloth", category=decor, seller=loom, price="20.00")
    rated = ProductFactory(title="Oak stool", seller=loom, price="99.99")
    for rating in (4, 5):
        ReviewFactory(product=rated, rating=rating)


def titles(response):
    return [product.title for product in response.context["products"]]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/products/", ["Oak stool", "Wall cloth", "Red vase", "Blue vase"]),
        ("/products/?sort=price", ["Red vase", "Wall cloth", "Blue vase", "Oak stool"]),
        ("/products/?sort=-price", ["Oak stool", "Blue vase", "Wall cloth", "Red vase"]),
        ("/products/?sort=name", ["Blue vase", "Oak stool", "Red vase", "Wall cloth"]),
        ("/products/?sort=rating", ["Oak stool", "Wall cloth", "Red vase", "Blue vase"]),
        ("/products/?category=decor", ["Wall cloth", "Red vase", "Blue vase"]),
        ("/products/?seller=loom", ["Oak stool", "Wall cloth"]),
        ("/products/?brand=Kiln", ["Red vase", "Blue vase"]),
        ("/products/?brand=Kiln&brand=Loom&sort=name", ["Blue vase", "Oak stool", "Red vase", "Wall cloth"]),
        ("/products/?price_min=15&price_max=30", ["Wall cloth", "Blue vase"]),
        ("/products/?rating=4", ["Oak stool"]),
        ("/products/?in_stock=1", ["Oak stool", "Wall cloth", "Red vase"]),
        ("/products/?q=vase+RED", ["Red vase", "Blue vase"]),
        ("/products/?q=nothing+like+it", []),
        ("/categories/decor/", ["Wall cloth", "Red vase", "Blue vase"]),
        ("/categories/decor/vases/?sort=price", ["Red vase", "Blue vase"]),
    ],
)
def test_narrowing_and_sorting(client, catalogue, address, expected):
    assert titles(client.get(address)) == expected


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("page=x", ["page"]),
        ("page=-1", ["page"]),
        ("price_min=abc", ["price_min"]),
        ("price_min=-5", ["price_min"]),
        ("price_min=NaN", ["price_min"]),
        ("price_min=1e400", ["price_min"]),
        ("sort=nonsense", ["sort"]),
        ("rating=9", ["rating"]),
        ("in_stock=maybe", ["in_stock"]),
        ("q=" + "x" * 101, ["q"]),
        ("brand=%00", ["brand"]),
        ("category=%00", ["category"]),
        ("seller=a%20b", ["seller"]),
        ("q=" + "x" * 10_000, ["q"]),
    ],
)
def test_nonsense_is_ignored_and_said_so(client, catalogue, query, ignored):
    response = client.get(f"/products/?{query}")
    assert response.status_code == 200
    assert response.context["filter_links"].ignored == ignored
    assert "Left out" in response.content.decode()
    assert len(titles(response)) == 4


@pytest.mark.parametrize(
    "address",
    [
        "/products/?page=999",
        "/products/?category=unknown",
        "/categories/unknown/",
        "/categories/%00/",
        "/products/%00/",
    ],
)
def test_what_does_not_exist_is_not_found(client, catalogue, address):
    assert client.get(address).status_code == 404


def test_highest_price_below_the_lowest_is_ignored(client, catalogue):
    response = client.get("/products/?price_min=50&price_max=10")
    assert response.context["filter_links"].ignored == ["price_max"]
    assert titles(response) == ["Oak stool"]


def test_mistaken_price_is_explained_beside_its_field(client, catalogue):
    page = client.get("/products/?price_min=abc").content.decode()
    assert 'id="price-error"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=x",
        "page=1",
        "q=",
        "sort=",
        "ignored=q",
        "price_min=&price_max=",
        "utm_source=%00",
        "fbclid=" + "x" * 10_000,
    ],
)
def test_addresses_that_mean_the_same_share_one_entry(client, catalogue, query):
    assert client.get("/products/").headers["X-Cache"] == "miss"
    response = client.get(f"/products/?{query}")
    assert response.headers["X-Cache"] == "hit"
    assert b"utm_source" not in response.content


def test_order_and_spelling_of_parameters_do_not_matter(client, catalogue):
    for _ in range(2):
        client.get("/products/?brand=Kiln&brand=Loom&price_min=10&sort=price")
    same = client.get("/products/?sort=name&sort=price&price_min=10.00&brand=Loom&brand=Kiln&brand=Loom")
    assert same.headers["X-Cache"] == "hit"


def test_fragment_and_page_are_separate_entries(client, catalogue):
    client.get("/products/?sort=price")
    fragment = client.get("/products/?sort=price", headers={"HX-Request": "true", "HX-Target": "listing"})
    assert fragment.headers["X-Cache"] == "miss"
    assert fragment.headers["HX-Push-Url"] == "/products/?sort=price"
    assert "HX-Request" in fragment.headers["Vary"]
    assert b"<html" not in fragment.content
    again = client.get("/products/?sort=price", headers={"HX-Request": "true", "HX-Target": "other"})
    assert again.headers["X-Cache"] == "hit"
    assert again.headers["HX-Push-Url"] == "/products/?sort=price"


def test_history_restore_is_a_full_page(client, catalogue):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in client.get("/products/?sort=price", headers=headers).content


def test_filtered_and_sorted_lists_are_not_indexed(client, catalogue):
    plain = client.get("/products/").content.decode()
    assert 'rel="canonical" href="https://shop.example/products/"' in plain
    assert "noindex" not in plain
    for query in ("brand=Kiln", "sort=price"):
        assert "noindex" in client.get(f"/products/?{query}").content.decode()


def test_pages_link_to_their_neighbours(client):
    for _ in range(60):
        ProductFactory()
    page = client.get("/products/?page=2").content.decode()
    assert '<link rel="prev" href="/products/">' in page
    assert '<link rel="next" href="/products/?page=3">' in page
    assert "page 2 of 3" in page


def test_category_is_chosen_by_name_and_shown_as_a_chip(client, catalogue):
    page = client.get("/products/?category=decor/vases").content.decode()
    assert '<option value="decor/vases" selected>' in page
    assert "Remove </span>Vases" in page
    assert 'id="filter-category"' not in client.get("/categories/decor/").content.decode()


def test_empty_result_offers_other_lists(client, catalogue):
    page = client.get("/products/?q=zzz").content.decode()
    assert "Nothing matches" in page
    assert "Just in" in page
    assert "start again" in page
