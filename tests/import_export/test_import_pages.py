"""Import and export in the seller's area: previewed first, then written; staff have their say."""

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from shop.catalogue.models import Product
from shop.import_export import forms, importer, report, urls
from shop.import_export.columns import COLUMNS
from shop.import_export.models import Import
from shop.selling.models import Edit, Upload
from tests.factories import ProductFactory, SellerFactory, UserFactory
from tests.selling.writes import decided
from tests.threads import at_once

from .uploading import INK, SAND, TEXT, VASE, files_on_disk, import_all, preview, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(settings):
    settings.PRODUCTS_NEED_APPROVAL = False


def page(product):
    return Client().get(product.get_absolute_url()).content.decode()


def private_files(settings):
    return list(Path(settings.STORAGES["private"]["OPTIONS"]["location"]).rglob("imports/*"))


def test_changes_are_shown_before_they_are_made(sell, vase, settings):
    response = preview(sell, VASE)
    html = response.content.decode()
    assert "Of 2 rows, none would be new, and 1 would change something" in html
    assert "<del>30.00</del>" in html
    assert "<ins>31.00</ins>" in html
    assert "Import 1 row<" in html
    assert "€30.00" in page(vase)
    response = sell.post(f"{response.request['PATH_INFO']}step/", follow=True)
    assert "Done: 1 product, 1 variant, from 2 rows." in response.content.decode()
    assert "€31.00" in page(vase)
    assert not private_files(settings)
    assert "Nothing in this table differs" in preview(sell, VASE).content.decode()


def test_double_click_sends_one_import(sell, vase, settings):
    first, second = send(sell, VASE), send(sell, VASE)
    assert second.headers["Location"] == f"/sell/import/{Import.objects.get().pk}/"
    assert sell.get(first.headers["Location"]).status_code == 404


def test_double_click_imports_once(sell, vase, seller):
    address = f"{preview(sell, VASE).request['PATH_INFO']}step/"
    answers = [sell.post(address, follow=True).content.decode() for _ in range(2)]
    assert all("Done: 1 product, 1 variant, from 2 rows." in answer for answer in answers)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_imports_that_step_at_once_write_once_and_complain_of_nothing(sell, vase, live):
    rows = "".join(f"c-{n},C {n},listed,decor,C-{n},,5,1\n" for n in range(40))
    address = f"{preview(sell, TEXT + rows).request['PATH_INFO']}step/"

    def step():
        client = Client()
        client.cookies = sell.cookies
        return client.post(address, follow=True).content.decode()

    answers = at_once(step, step, step)
    assert Product.objects.filter(slug__startswith="c-").count() == 40
    assert not any("changed elsewhere" in answer for answer in answers)
    assert (
        "Done: 40 products, 40 variants, from 40 rows."
        in sell.get(address.removesuffix("step/")).content.decode()
    )


def test_long_table_is_compared_after_its_page_is_there(sell, vase, monkeypatch):
    monkeypatch.setattr("shop.import_export.views.MOST_AT_ONCE", 1)
    response = preview(sell, VASE)
    html = response.content.decode()
    assert "Checking 2 rows takes a few seconds" in html
    assert 'href="?preview=1"' in html
    assert "Import 1 row<" not in html
    assert "Import 1 row<" in sell.get(f"{response.request['PATH_INFO']}?preview=1").content.decode()


def test_mistakes_are_told_and_nothing_can_be_imported(sell, vase):
    response = preview(sell, VASE.replace("31", "lots"))
    html = response.content.decode()
    assert "line 2, price: “lots” should be a number" in html
    assert "Import 1 row" not in html
    response = sell.post(f"{response.request['PATH_INFO']}step/", follow=True)
    assert "line 2, price" in response.content.decode()
    assert not Import.objects.get().is_begun


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("slug,titel\nvase,Vase\n", "Did you mean title?"),
        ("Größe\n".encode("cp1252"), "not UTF-8"),
        ("slug,title\n", "no rows below its header"),
        ("slug,title\n" + "vase,Vase\n" * 4, "more than 3 rows"),
    ],
)
def test_tables_that_cannot_be_read_are_refused_beside_their_field(sell, monkeypatch, text, complaint):
    monkeypatch.setattr(forms, "MOST_ROWS", 3)
    assert complaint in str(send(sell, text).context["form"].errors["table"])
    assert not Import.objects.exists()


def test_archives_that_cannot_be_read_are_refused_beside_their_field(sell, monkeypatch):
    assert "leads outside" in str(send(sell, VASE, {"../a.jpg": b""}).context["form"].errors["photos"])
    monkeypatch.setattr(forms, "MOST_PHOTO_BYTES", 100)
    assert "larger than" in str(send(sell, VASE, {"a.jpg": SAND}).context["form"].errors["photos"])


def test_long_imports_go_on_by_themselves_or_by_a_button(sell, seller, live, monkeypatch):
    monkeypatch.setattr(importer, "CHUNK", 2)
    monkeypatch.setattr("shop.import_export.views.STEP_SECONDS", 0)
    rows = "".join(f"c-{n},C {n},listed,decor,C-{n},,5,1\n" for n in range(5))
    address = preview(sell, TEXT + rows).request["PATH_INFO"]
    assert "4 of 5 rows checked" in sell.get(address).content.decode()
    assert "Import 5 rows" in sell.get(address).content.decode()
    html = sell.post(f"{address}step/", follow=True).content.decode()
    assert "2 of 5 rows imported" in html
    assert 'hx-trigger="load, submit"' in html
    fragment = sell.post(f"{address}step/", headers={"HX-Request": "true"}).content.decode()
    assert "4 of 5 rows imported" in fragment
    assert "<html" not in fragment
    assert "Done: 5 products, 5 variants" in sell.post(f"{address}step/", follow=True).content.decode()
    assert Product.objects.listed().count() == 5
    again = sell.post(f"{address}step/", follow=True).content.decode()
    assert "Done: 5 products, 5 variants" in again


def test_photos_come_with_the_table(sell, seller, live):
    text = "title,category,sku,price,status,photos\nJug,decor,J-1,5,listed,front.jpg: A jug\n"
    assert "1 photo" in import_all(sell, text, {"photos/front.jpg": SAND})
    assert "A jug" in page(Product.objects.get(slug="jug"))


def test_a_new_choice_forgets_the_file_before_it(sell, vase, settings):
    preview(sell, VASE)
    address = preview(sell, VASE).request["PATH_INFO"]
    assert Import.objects.count() == 1
    sell.post(f"{address}delete/")
    assert not Import.objects.exists()


def test_new_products_wait_for_approval(sell, seller):
    text = TEXT + "jug,Jug,listed,decor,J-1,,24,3\ncup,Cup,draft,decor,C-1,,5,3\n"
    assert "1 sent for approval" in import_all(sell, text)
    jug = Product.objects.get(slug="jug")
    assert (jug.status, jug.listed_at, jug.edits.get().state) == ("draft", None, "waiting")
    assert not Product.objects.get(slug="cup").edits.exists()
    html = import_all(sell, text)
    assert "Done: nothing" in html
    assert (Edit.objects.count(), Product.objects.get(slug="jug").version) == (1, jug.version)


def test_texts_and_photos_of_listed_products_are_staged_and_prices_are_not(sell, vase, settings):
    photo = vase.photos.get().file.name.rsplit("/", 1)[-1]
    text = "slug,title,photos,sku,options,price,stock\n"
    text += f"vase,Round vase,new.jpg: New | {photo}: Old,V-S,Size: Small,33,9\nvase,,,V-XL,Size: Huge,70,1\n"
    files = {"new.jpg": INK}
    assert "1 sent for approval" in import_all(sell, text, files)
    html = page(vase)
    assert "€33.00" in html
    assert "Round vase" not in html
    assert "Huge" not in html
    edit = vase.edits.get()
    assert edit.form_data["title"] == "Round vase"
    assert [row["alt"] for row in edit.form_data["photos"]] == ["New", "Old"]
    assert [row["sku"] for row in edit.form_data["variants"]] == ["V-S", "V-L", "V-XL"]
    on_disk, revision = files_on_disk(settings), edit.revision
    assert "Done: nothing" in import_all(sell, text, files)
    edit.refresh_from_db()
    assert (edit.revision, Upload.objects.count(), files_on_disk(settings)) == (revision, 1, on_disk)


def test_what_was_approved_is_known_again(sell, vase, staff):
    text = "slug,title,photos,sku\nvase,Round vase,new.jpg: New,V-S\n"
    import_all(sell, text, {"new.jpg": INK})
    desk = Client()
    desk.force_login(staff)
    decided(desk, "approve")
    assert "Round vase" in page(vase)
    assert "Nothing in this table differs" in preview(sell, text, {"new.jpg": INK}).content.decode()


def test_what_was_sent_before_is_kept_unless_the_table_says_otherwise(sell, vase):
    import_all(sell, "slug,title\nvase,Round vase\n")
    import_all(sell, "slug,description\nvase,It is round.\n")
    data = vase.edits.get().form_data
    assert (data["title"], data["description"]) == ("Round vase", "It is round.")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("slug,status\nnew,archived\n", "never listed cannot be archived"),
        ("slug,sku,currency\nvase,V-S,USD\nvase,V-L,USD\n", "Only staff can change the currency"),
        ("slug,title\nlamp,Mine now\n", "lamp is another seller"),
        ("seller,slug,title\nother,lamp,Mine now\n", "Products of “other” cannot be imported here"),
    ],
)
def test_what_is_not_the_sellers_to_change_is_refused(sell, vase, seller, text, complaint):
    ProductFactory(slug="new", seller=seller, status="draft", category=vase.category)
    ProductFactory(slug="lamp", seller=SellerFactory(slug="other"))
    assert complaint in preview(sell, text).content.decode()


def test_a_listed_product_can_be_archived_and_listed_again(sell, vase):
    import_all(sell, "slug,status\nvase,archived\n")
    assert Product.objects.get(pk=vase.pk).is_archived
    import_all(sell, "slug,status\nvase,listed\n")
    assert Product.objects.get(pk=vase.pk).is_listed


def test_export_is_what_an_import_reads(sell, vase, seller):
    ProductFactory(slug="lamp")
    response = sell.get("/sell/export/")
    text = b"".join(response.streaming_content).decode()
    assert response.headers["Content-Disposition"] == 'attachment; filename="kiln.csv"'
    assert text.startswith('\ufeff"seller","slug","title"')
    assert "lamp" not in text
    assert "Nothing in this table differs" in preview(sell, text).content.decode()
    response = sell.get("/sell/export/photos/")
    names = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))).namelist()
    assert names == [photo.file.name.rsplit("/", 1)[-1] for photo in vase.photos.all()]


def test_only_the_first_differences_are_shown(sell, seller, monkeypatch):
    monkeypatch.setattr(report, "SHOWN", 3)
    rows = "".join(f"c-{n},C {n},listed,decor,C-{n},,5,1\n" for n in range(5))
    html = preview(sell, TEXT + rows).content.decode()
    assert "And 2 more rows." in html
    assert "5 would be new, and none would change something" in html


def test_the_form_explains_every_column(sell):
    html = sell.get("/sell/import/").content.decode()
    assert all(f"<code>{column.name}</code>" in html for column in COLUMNS)


ADDRESSES = [
    ("import_create", "get", 200),
    ("import_create", "post", 200),
    ("import_detail", "get", 200),
    ("import_step", "post", 302),
    ("import_delete", "post", 302),
    ("export_products", "get", 200),
    ("export_photos", "get", 200),
]
OWN = {"import_create", "export_products", "export_photos"}


@pytest.mark.parametrize("who", ["anonymous", "shopper", "other seller", "seller", "staff"])
@pytest.mark.parametrize(("name", "method", "answer"), ADDRESSES, ids=[f"{m} {n}" for n, m, _ in ADDRESSES])
def test_imports_are_the_sellers_own(sell, vase, staff, who, name, method, answer):
    pk = preview(sell, VASE).context["upload"].pk
    other = SellerFactory(user=UserFactory())
    users = {"shopper": UserFactory(), "other seller": other.user, "seller": vase.seller.user, "staff": staff}
    client = Client()
    if who in users:
        client.force_login(users[who])
    (pattern,) = [pattern for pattern in urls.urlpatterns if pattern.name == name]
    address = "/sell/" + str(pattern.pattern).replace("<int:pk>", str(pk))
    expected = answer if who == "seller" or (who == "other seller" and name in OWN) else 404
    response = getattr(client, method)(address)
    assert response.status_code == (302 if who == "anonymous" else expected)
    if response.status_code == 200:
        assert "no-store" in response.headers["Cache-Control"]
        assert who == "seller" or b"spring.csv" not in response.getvalue()
    if who != "seller":
        assert Import.objects.get().rows_done == 0
        assert "€30.00" in page(vase)


def test_table_has_every_address():
    assert {pattern.name for pattern in urls.urlpatterns} == {name for name, _, _ in ADDRESSES}
