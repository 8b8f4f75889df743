import pytest

from shop.catalogue.models import Category, Product
from tests.admin_forms import change_in_admin, confirm_in_admin
from tests.factories import CategoryFactory, PhotoFactory, ProductFactory, SellerFactory, picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def bowl():
    return ProductFactory(
        title="Bowl", slug="bowl", option_names=["Size"], variants=[{"sku": "B1", "option_values": ["Large"]}]
    )


def new_product(**changes):
    seller, category = SellerFactory(), CategoryFactory()
    management = {
        f"{prefix}-{name}": value
        for prefix, total in (("variants", 1), ("photos", 1))
        for name, value in {"TOTAL_FORMS": total, "INITIAL_FORMS": 0}.items()
    }
    variant = {"sku": "J-1", "price": "12.50", "currency": "EUR", "stock": "3", "position": "0"}
    return {
        **{"title": "Jug", "slug": "jug", "status": "listed"},
        **{"seller": seller.pk, "category": category.pk, "brand": "", "description": "A jug."},
        **{"specifications": "Material: Clay\nHeight: 20 cm", "option_names": ""},
        **management,
        **{f"variants-0-{name}": value for name, value in variant.items()},
        **{"photos-0-file": picture_file(), "photos-0-alt": "A jug", "photos-0-position": 0},
    } | changes


SECOND = {
    "variants-TOTAL_FORMS": 2,
    **{"variants-1-sku": "J-2", "variants-1-price": "9", "variants-1-currency": "EUR"},
    **{"variants-1-stock": "1", "variants-1-position": "1"},
}


def errors_of(response):
    assert response.status_code == 200
    return str(response.context["errors"])


def test_adding_a_listed_product_shows_it(client, staff_client):
    response = staff_client.post("/admin/catalogue/product/add/", new_product())
    assert response.status_code == 302, response.context["errors"]
    jug = Product.objects.get(slug="jug")
    assert (jug.status, str(jug.price), str(jug.stock)) == ("listed", "12.50", "Only 3 left")
    assert jug.specifications == [["Material", "Clay"], ["Height", "20 cm"]]
    assert jug.variants.get().is_default
    assert "Jug" in client.get("/products/").content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"variants-0-price": "-1"}, "greater than or equal to 0"),
        ({"variants-0-stock": "-1"}, "greater than or equal to 0"),
        ({"variants-0-compare_at_price": "5"}, "must be higher than the price"),
        ({"variants-0-option_values": "Large"}, "one value for each option"),
        ({"variants-TOTAL_FORMS": 0}, "at least one variant"),
        (SECOND | {"variants-1-currency": "USD"}, "Its other variants have EUR."),
        (
            SECOND
            | {"option_names": "Size", "variants-0-option_values": "L", "variants-1-option_values": "l"},
            "has the same options",
        ),
        ({"specifications": "Material"}, "should read “name: value”"),
        ({"option_names": "Size, Size"}, "Name each option once"),
        ({"slug": "bowl"}, "already exists"),
    ],
)
def test_mistakes_are_explained_and_nothing_is_saved(staff_client, bowl, changes, message):
    response = staff_client.post("/admin/catalogue/product/add/", new_product(**changes))
    assert message in errors_of(response)
    assert Product.objects.count() == 1


def test_sku_is_unique_within_a_seller_only(staff_client, bowl):
    other = ProductFactory(title="Other", seller=bowl.seller)
    taken = change_in_admin(staff_client, other, inline={("variants", 0): {"sku": "B1"}})
    assert "B1 is used by another variant" in errors_of(taken)
    foreign = ProductFactory(title="Foreign")
    assert change_in_admin(staff_client, foreign, inline={("variants", 0): {"sku": "B1"}}).status_code == 302


def test_category_cannot_be_moved_into_itself(staff_client):
    parent = CategoryFactory(slug="decor")
    child = CategoryFactory(slug="vases", parent=parent)
    assert "into itself" in errors_of(change_in_admin(staff_client, parent, {"parent": child.pk}))
    assert "is reserved" in errors_of(change_in_admin(staff_client, child, {"slug": "related"}))


def test_category_with_products_is_not_deleted(staff_client):
    full, empty = ProductFactory().category, CategoryFactory()
    for_both = {"action": "delete_selected", "_selected_action": [full.pk, empty.pk], "post": "yes"}
    staff_client.post("/admin/catalogue/category/", for_both)
    assert Category.objects.filter(pk=full.pk).exists()


def test_photo_file_goes_with_its_row(staff_client, bowl, django_capture_on_commit_callbacks):
    photo = PhotoFactory(product=bowl)
    storage, name = photo.file.storage, photo.file.name
    rendition = next(iter(photo.file.get_picture_files_list())).name
    assert storage.exists(name)
    assert storage.exists(rendition)
    with django_capture_on_commit_callbacks(execute=True):
        staff_client.post(f"/admin/catalogue/product/{bowl.pk}/delete/", {"post": "yes"})
    assert not storage.exists(name)
    assert not storage.exists(rendition)


def test_lists_of_the_admin_ask_a_bounded_number_of_queries(staff_client, django_assert_max_num_queries):
    for _ in range(60):
        PhotoFactory(product=ProductFactory())
    with django_assert_max_num_queries(12):
        response = staff_client.get("/admin/catalogue/product/")
    assert response.status_code == 200


@pytest.mark.parametrize("query", ["?status=draft", "?stock=out", "?stock=low", "?stock=in", "?q=bowl"])
def test_filters_and_search(staff_client, bowl, query):
    response = staff_client.get(f"/admin/catalogue/product/{query}")
    assert response.context["cl"].result_count == (1 if query in ("?stock=in", "?q=bowl") else 0)


def act(client, action, products, **fields):
    data = {"action": action, "_selected_action": [product.pk for product in products]}
    return client.post("/admin/catalogue/product/", data | fields)


@pytest.mark.parametrize(
    ("action", "before", "after"), [("list", "draft", "listed"), ("archive", "listed", "archived")]
)
def test_action_asks_before_it_acts(staff_client, action, before, after):
    jug = ProductFactory(title="Jug", status=before)
    question = act(staff_client, f"{action}_products", [jug])
    assert question.status_code == 200
    assert "Jug" in question.content.decode()
    jug.refresh_from_db()
    assert jug.status == before
    confirm_in_admin(staff_client, "/admin/catalogue/product/", f"{action}_products", [jug])
    jug.refresh_from_db()
    assert jug.status == after


def test_prices_are_shown_before_they_change(client, staff_client):
    pots = [
        ProductFactory(
            slug="pot", variants=[{"price": "19.99"}, {"price": "30.00", "compare_at_price": "40.00"}]
        ),
        ProductFactory(slug="lid", variants=[{"price": "5.00"}]),
    ]
    change = {"percent": "-10", "step": "0.10", "shows_former": "on"}
    assert "Show what would change" in act(staff_client, "change_prices", pots).content.decode()
    page = act(staff_client, "change_prices", pots, preview="yes", **change).content.decode()
    for amount in ("€19.99", "€18.00", "€30.00", "€27.00", "€40.00", "€4.50"):
        assert amount in page
    assert prices_of(pots) == ["19.99 None", "30.00 40.00", "5.00 None"]
    assert act(staff_client, "change_prices", pots, confirmed="yes", **change).status_code == 302
    assert prices_of(pots) == ["18.00 19.99", "27.00 40.00", "4.50 5.00"]
    assert "€18.00" in client.get("/products/pot/").content.decode()


def prices_of(products):
    variants = [variant for product in products for variant in product.variants.all()]
    return [f"{variant.price} {variant.compare_at_price}" for variant in variants]


def test_dearer_product_shows_no_former_price_below_its_price(staff_client):
    pot = ProductFactory(variants=[{"price": "30.00", "compare_at_price": "31.00"}])
    act(staff_client, "change_prices", [pot], confirmed="yes", percent="10", step="1")
    assert prices_of([pot]) == ["33.00 None"]


@pytest.mark.parametrize("percent", ["", "-95", "ten", "1000"])
def test_price_change_that_makes_no_sense_is_refused(staff_client, bowl, percent):
    page = act(staff_client, "change_prices", [bowl], confirmed="yes", percent=percent, step="1")
    assert "errorlist" in page.content.decode()
    assert prices_of([bowl]) == ["20.00 None"]
