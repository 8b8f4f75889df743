import pytest

from tests import stocked
from tests.factories import CategoryFactory, MemberFactory, ProductFactory, SellerFactory


@pytest.fixture
def stock(db):
    stocked.stock_the_shop()


@pytest.fixture
def member(db):
    return MemberFactory(email="ada@example.com", display_name="Ada")


@pytest.fixture
def owner(db):
    """Somebody who is staff, a superuser and a seller, and so may open every address."""
    user = MemberFactory(email="owner@example.com", is_staff=True, is_superuser=True)
    SellerFactory(name="Owner's", slug="owner", user=user)
    return user


@pytest.fixture
def kiln():
    return SellerFactory(name="Kiln", slug="kiln", user=MemberFactory(email="kiln@example.com"))


@pytest.fixture
def vase(kiln):
    decor = CategoryFactory(name="Decor", slug="decor")
    return ProductFactory(title="Vase", slug="vase", seller=kiln, category=decor, brand="Kiln")
