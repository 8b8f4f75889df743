"""The shelves of home: a product that is not among the newest comes onto one of the others at once."""

import pytest

from tests.admin_forms import change_in_admin
from tests.factories import MemberFactory, ProductFactory, picture_file

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]


def variant(**values):
    return lambda client, jug: change_in_admin(client, jug, inline={("variants", 0): values})


def photograph(client, jug):
    photo = {"file": picture_file(), "alt": "A jug", "position": 0}
    return change_in_admin(client, jug, inline={("photos", 0): photo})


def review(client, jug):
    client.force_login(MemberFactory())
    words = {"rating": 5, "title": "Good", "text": "It pours well.", "author_name": "Ada"}
    return client.post(f"/products/{jug.slug}/reviews/", words)


SOLD_OUT = [{"sku": "J", "price": "20.00", "compare_at_price": "40.00", "stock": 0}]
# What happens to the jug, and what it was like before.
WRITES = {
    "reduced": (variant(compare_at_price="40.00"), {"price": "20.00"}),
    "in stock again": (variant(stock=3), {"variants": SOLD_OUT}),
    "with a photo": (photograph, {}),
    "reviewed": (review, {}),
}


@pytest.mark.parametrize(("write", "before"), WRITES.values(), ids=WRITES)
def test_old_product_comes_onto_a_shelf_of_home_at_once(client, staff_client, write, before):
    jug = ProductFactory(title="Old jug", slug="jug", **before)
    ProductFactory.create_batch(8)
    assert "Old jug" not in client.get("/").content.decode()
    assert client.get("/").headers["X-Cache"] == "hit"
    assert write(staff_client, jug).status_code == 302
    assert "Old jug" in client.get("/").content.decode()
