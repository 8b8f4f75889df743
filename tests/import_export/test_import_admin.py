"""Import and export by staff: live at once, of any seller, and told in the list of imports."""

import csv

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile

from shop.caching.models import Version
from shop.catalogue.models import Product
from shop.import_export.models import Import
from tests.factories import ProductFactory, SellerFactory, UserFactory

from .uploading import SAND, zipped

pytestmark = pytest.mark.django_db

TEXT = "seller,title,status,category,sku,price,photos\nkiln,Jug,listed,decor,J-1,5,a.jpg: A jug\n"


def send(client, text=TEXT, **data):
    files = {"table": ContentFile(text.encode(), "jugs.csv")}
    files["photos"] = ContentFile(zipped({"a.jpg": SAND}).getvalue(), "photos.zip")
    return client.post("/admin/import_export/import/add/", data | files, follow=True)


def test_staff_preview_and_import(staff_client, staff, kiln, client):
    html = send(staff_client).content.decode()
    assert "1 would be new" in html
    assert "Import 1 row" in html
    upload = Import.objects.get()
    response = staff_client.post(f"/admin/import_export/import/{upload.pk}/step/", follow=True)
    assert "Done: 1 product, 1 variant, 1 photo, from 1 row." in response.content.decode()
    assert "A jug" in client.get("/products/jug/").content.decode()
    assert f"person {staff.pk} in the admin" in Version.objects.get(tag="product:jug").cleared_by
    assert (
        "1 product, 1 variant, 1 photo" in staff_client.get("/admin/import_export/import/").content.decode()
    )


def test_mistakes_are_told(staff_client, kiln):
    assert "line 2, price" in send(staff_client, TEXT.replace("5", "five")).content.decode()
    address = f"/admin/import_export/import/{Import.objects.get().pk}/step/"
    assert "line 2, price" in staff_client.post(address, follow=True).content.decode()
    assert "Did you mean title" in send(staff_client, "titel\nJug\n").content.decode()
    lumen = SellerFactory(slug="lumen")
    assert "“kiln” cannot be imported here" in send(staff_client, seller=lumen.pk).content.decode()
    assert not Product.objects.exists()


def test_the_list_of_products_is_exported_as_it_is_filtered(staff_client, kiln):
    ProductFactory(seller=kiln, slug="bowl", title="Bowl")
    ProductFactory(seller=kiln, slug="jug", title="Jug", status="draft")
    html = staff_client.get("/admin/catalogue/product/?status__exact=draft").content.decode()
    assert 'href="/admin/import_export/import/export/?status__exact=draft"' in html
    response = staff_client.get("/admin/import_export/import/export/?status__exact=draft")
    _, *rows = csv.reader(b"".join(response.streaming_content).decode().splitlines())
    assert [row[:2] for row in rows] == [["kiln", "jug"]]


def test_rights_are_needed(client, kiln, staff):
    helper = UserFactory(is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["add_import", "view_import"]))
    client.force_login(helper)
    assert send(client).status_code == 403
    theirs = Import.objects.create(user=staff, seller=kiln, name="theirs.csv", rows=1)
    page = client.get(f"/admin/import_export/import/{theirs.pk}/change/")
    assert "Only the person who sent it can import it." in page.content.decode()
    assert client.post(f"/admin/import_export/import/{theirs.pk}/step/").status_code == 403
    assert client.get("/admin/import_export/import/export/").status_code == 403
