import pytest

from tests import stocked
from tests.factories import MemberFactory, SellerFactory


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
