"""Paths and slugs compare letter for letter, and no two differ in the case of their letters only."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.caching.versions import clearing
from shop.catalogue.models import Category, Product
from tests.admin_forms import change_in_admin
from tests.factories import CategoryFactory, ProductFactory, SellerFactory

pytestmark = pytest.mark.django_db

SLUGS = st.text(alphabet="aAbB_%-.0é\\", min_size=1, max_size=3)
PATHS = st.lists(st.lists(SLUGS, min_size=1, max_size=3).map("/".join), max_size=12, unique_by=str.lower)


@given(PATHS, st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_within_a_path_is_what_begins_with_it_letter_for_letter(db, paths, data):
    asked = data.draw(st.sampled_from(paths) | SLUGS if paths else SLUGS)
    with transaction.atomic():
        with clearing():
            Category.objects.bulk_create([Category(name=path, slug="x", path=path) for path in paths])
        found = Category.objects.within(asked).values_list("path", flat=True)
        assert set(found) == {path for path in paths if f"{path}/".startswith(f"{asked}/")}
        transaction.set_rollback(True)


@pytest.mark.parametrize(("parent", "other"), [("bath", "Bath"), ("a_b", "axb"), ("bath", "bath-2")])
def test_product_is_in_its_own_category_and_in_none_that_is_spelt_alike(client, parent, other):
    """The other is a path below, as two roots could not differ in case only."""
    own = CategoryFactory(slug="towels", parent=CategoryFactory(slug=parent))
    alike = CategoryFactory(slug="mats", parent=CategoryFactory(slug="x"))
    with clearing():
        Category.objects.filter(pk=alike.pk).update(path=f"{other}/mats")
    mine, theirs = ProductFactory(category=own), ProductFactory(category=alike)
    assert set(Product.objects.within(parent)) == {mine}
    assert set(Product.objects.within(other)) == {theirs}
    with clearing():
        root = Category.objects.get(path=parent)
        root.slug = "renamed"
        root.save()
    assert set(Category.objects.values_list("path", flat=True)) == {
        *("renamed", "renamed/towels", "x", f"{other}/mats"),
    }


def test_category_that_differs_in_case_only_is_refused_under_the_same_parent(staff_client):
    bath, bed = CategoryFactory(slug="bath"), CategoryFactory(slug="bed")
    for changes in ({"slug": "BATH"}, {"slug": "Bath"}, {"slug": "bath"}):
        response = change_in_admin(staff_client, bed, changes)
        [sentence] = response.context["adminform"].form.errors["slug"]
        assert "already; capital letters do not count" in sentence
    assert change_in_admin(staff_client, bed, {"slug": "Bath", "parent": bath.pk}).status_code == 302
    assert change_in_admin(staff_client, bath, {"slug": "Bath"}).status_code == 302
    assert set(Category.objects.values_list("path", flat=True)) == {"Bath", "Bath/Bath"}
    refused_by_the_database(Category(name="Bath", slug="bath", path="bath"))


@pytest.mark.parametrize("slug", ["VASE", "Vase", "vase"])
def test_product_that_differs_in_case_only_is_refused(client, staff_client, slug):
    vase, bowl = ProductFactory(slug="vase"), ProductFactory(slug="bowl")
    response = change_in_admin(staff_client, bowl, {"slug": slug})
    assert len(response.context["adminform"].form.errors["slug"]) == 1
    assert not response.context["adminform"].form.non_field_errors()
    assert client.get("/products/Vase/").status_code == 404
    refused_by_the_database(Product(title="Vase", slug=slug, seller=vase.seller, category=vase.category))
    assert change_in_admin(staff_client, vase, {"slug": "Vase"}).status_code == 302
    assert client.get("/products/Vase/").status_code == 200
    assert client.get("/products/vase/").url == "/products/Vase/"


@pytest.mark.parametrize("slug", ["KILN", "Kiln", "kiln"])
def test_seller_that_differs_in_case_only_is_refused(staff_client, slug):
    SellerFactory(slug="kiln")
    response = staff_client.post("/admin/sellers/seller/add/", {"name": "Other", "slug": slug})
    assert len(response.context["adminform"].form.errors["slug"]) == 1
    refused_by_the_database(SellerFactory.build(name="Other", slug=slug))


def refused_by_the_database(thing):
    with pytest.raises(IntegrityError), transaction.atomic():
        thing.save()
