"""Texts that are in the database break nothing that shows them, and come back as they were."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.catalogue.models import Product, Variant
from shop.fields.texts import clean_line, clean_prose
from shop.import_export.importer import ProductImport
from shop.import_export.tables import Table, export_lines
from shop.reviews.models import Review
from tests.admin_forms import change_in_admin
from tests.factories import CategoryFactory, MemberFactory, ReviewFactory
from tests.selling.forms import Form

from .showing import assert_everything_is_shown

pytestmark = pytest.mark.django_db


def test_what_sql_wrote_breaks_no_page_feed_mail_or_export(
    client, vase, raw_writes_are_expected, django_capture_on_commit_callbacks
):
    review = ReviewFactory(product=vase, author=MemberFactory(email="ada@example.com"))
    odd = "Odd\v\r\n\x01\ufffe\u202e name" if connection.vendor == "postgresql" else "Odd\v\r\n\x01\0 name"
    pairs = json.dumps([["a\v", "b\ud800"]] if connection.vendor == "sqlite" else [["a\v", "b"]])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_product SET title=%s, brand=%s, description=%s, specifications=%s",
            [odd, odd, odd * 4000, pairs],
        )
        cursor.execute("UPDATE sellers_seller SET name=%s, craft=%s, about=%s", [odd] * 3)
        cursor.execute("UPDATE accounts_user SET display_name=%s", [odd])
        cursor.execute("UPDATE reviews_review SET author_name=%s, text=%s", [odd, odd])
    assert_everything_is_shown(client, vase)
    with django_capture_on_commit_callbacks(execute=True):
        Review.objects.get(pk=review.pk).reject("No.", actor="staff")
    assert mail.outbox[-1].message()
    assert "\r" not in mail.outbox[-1].subject
    assert changes_of_importing_an_export() == []


def changes_of_importing_an_export():
    table = Table(io.BytesIO("".join(export_lines(Product.objects.all())).encode()))
    products = ProductImport(table)
    differences = list(products.differences())
    assert products.problems == []
    return differences


ODD_LETTERS = st.sampled_from("=+-@;|:,\\'\"\t\r\n \v\u2028<>&é́\u202e\u200b\x00*_#[]()`") | st.characters(
    exclude_categories=["Cs"]
)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(ODD_LETTERS, min_size=1, max_size=40))
def test_any_text_comes_back_from_form_page_feed_and_table(client, vase, text):
    line, prose = clean_line(text), clean_prose(text)
    product = Product.objects.get(pk=vase.pk)
    product.title = product.brand = text
    product.description = text
    product.specifications, product.option_names = [[text, text]] if line else [], []
    product.full_clean(exclude=["title"] if not line else [])
    Product.objects.overwrite([product], ["title", "brand", "description", "specifications", "option_names"])
    stored = Product.objects.get(pk=vase.pk)
    assert (stored.title, stored.brand, stored.description) == (line, line, prose)
    feed = ElementTree.fromstring(client.get("/feed.xml").content)
    titles = [title.text or "" for title in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert line in titles
    client.force_login(vase.seller.user)
    form = Form(client.get(f"/sell/products/{vase.pk}/edit/"))
    assert (clean_line(form.data["title"][0]), clean_prose(form.data["description"][0])) == (line, prose)
    assert changes_of_importing_an_export() == []


@pytest.mark.parametrize("name", ["Size: inner", "a|b", "back\\slash", "Colour, or so", "x\\"])
def test_product_saved_unchanged_in_the_admin_is_unchanged(staff_client, vase, name):
    Product.objects.filter(pk=vase.pk).update(specifications=[[name, name]], option_names=[name])
    Variant.objects.filter(product=vase).update(option_values=[name])
    assert change_in_admin(staff_client, vase).status_code == 302
    product = Product.objects.get(pk=vase.pk)
    assert (product.specifications, product.option_names) == ([[name, name]], [name])
    assert product.variants.get().option_values == [name]


def test_long_texts_are_told_by_line_and_column(kiln, tmp_path, capsys):
    CategoryFactory(slug="decor")
    path = tmp_path / "products.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "category", "sku", "price", "description"])
        writer.writerow(["Vase", "decor", "V", "3", "x\r\n" * 70_000])
    with pytest.raises(Exception, match="nothing more was written"):
        call_command("import_products", path, "--seller", "kiln")
    complaint = capsys.readouterr().err
    assert "line 2, description: Ensure this value has at most 20000 characters" in complaint
