import pytest

from tests.factories import CategoryFactory, PhotoFactory, ProductFactory, SellerFactory, UserFactory


@pytest.fixture
def seller(db):
    return SellerFactory(name="Kiln", slug="kiln", user=UserFactory(email="kiln@example.com"))


@pytest.fixture
def vases(db):
    return CategoryFactory(name="Vases", slug="vases", parent=CategoryFactory(name="Decor", slug="decor"))


@pytest.fixture
def vase(seller, vases):
    """A listed product with two variants and a photo."""
    product = ProductFactory(
        title="Belly vase",
        slug="belly-vase",
        seller=seller,
        category=vases,
        option_names=["Size"],
        variants=[
            {"sku": "V-S", "option_values": ["Small"], "price": "30.00", "stock": 9},
            {"sku": "V-L", "option_values": ["Large"], "price": "50.00", "stock": 2},
        ],
        specifications=[["Material", "Stoneware"]],
    )
    PhotoFactory(product=product, alt="A round vase")
    return product


@pytest.fixture
def sell(client, seller):
    """A client that is signed in as the seller."""
    client.force_login(seller.user)
    return client


@pytest.fixture
def live(settings):
    """What sellers save is live at once."""
    settings.PRODUCTS_NEED_APPROVAL = False
