"""Every column of a table is written by an import and comes back with an export, and every field has one."""

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from shop.catalogue.models import Product, Variant
from shop.fields.texts import LineField, ProseField
from shop.import_export.columns import COLUMNS, PRODUCT_COLUMNS, VARIANT_COLUMNS
from tests.selling.writes import decided

from .uploading import import_all

pytestmark = pytest.mark.django_db

# What each column is set to for the two variants of the vase, or for the vase; a text needs none.
SET_TO = {
    "status": ["archived"],
    "category": ["decor/bowls"],
    "specifications": ["Material: Oak | Height: 20 cm"],
    "photos": ["{photo}: From above"],
    "options": ["Form: Round", "Form: Square"],
    "price": ["31.00", "51.00"],
    "former_price": ["99.00", "99.50"],
    "currency": ["USD", "USD"],
    "stock": ["7", "8"],
    "default": ["", "yes"],
    "position": ["1", "0"],
}
COMPARED = [*PRODUCT_COLUMNS, *VARIANT_COLUMNS]
# Filled beside a column of another name, or by the shop.
FILLED_OTHERWISE = {Product: {"option_names", "listed_at"}, Variant: {"product"}}


def texts_for(column, product):
    if column.name not in SET_TO and isinstance(column.field, LineField | ProseField):
        return [f"Another {column.name}", ""]
    photo = product.photos.get().file.name.rsplit("/", 1)[-1]
    texts = [text.format(photo=photo) for text in SET_TO[column.name]]
    return texts if len(texts) == 2 else [*texts, ""]


def table_of(column, texts):
    text = io.StringIO()
    rows = zip(("vase", "vase"), ("V-S", "V-L"), texts, strict=True)
    csv.writer(text).writerows([("slug", "sku", column.name), *rows])
    return text.getvalue()


def cells_of(column, exported):
    rows = list(csv.DictReader(io.StringIO(exported.removeprefix("\ufeff"))))
    if column in PRODUCT_COLUMNS:
        return [rows[0][column.name], ""]
    by_sku = {row["sku"]: row[column.name] for row in rows}
    return [by_sku["V-S"], by_sku["V-L"]]


@pytest.mark.parametrize("column", COMPARED, ids=lambda column: column.name)
def test_column_is_written_and_comes_back(vase, table, run, exported, column):
    texts = texts_for(column, vase)
    assert cells_of(column, exported()) != texts
    assert "wrote 1 product" in run(table(table_of(column, texts)))
    assert cells_of(column, exported()) == texts


# Only staff can change the currency.
@pytest.mark.parametrize(
    "column", [c for c in COMPARED if c.name != "currency"], ids=lambda column: column.name
)
def test_column_of_a_seller_is_written_and_comes_back_once_approved(sell, vase, staff, column):
    texts = texts_for(column, vase)
    html = import_all(sell, table_of(column, texts))
    assert ("1 sent for approval" in html) == column.needs_approval
    if column.needs_approval:
        desk = Client()
        desk.force_login(staff)
        decided(desk, "approve")
    exported = b"".join(sell.get("/sell/export/").streaming_content).decode()
    assert cells_of(column, exported) == texts


@pytest.mark.parametrize("model", [Product, Variant])
def test_every_field_that_can_be_edited_has_a_column(model):
    editable = {
        field.name for field in model._meta.concrete_fields if field.editable and not field.primary_key
    }
    in_columns = {column.field.name for column in COLUMNS if column.field.model is model}
    assert editable - in_columns == FILLED_OTHERWISE[model] & editable, (
        "declare it in import_export/columns.py"
    )


def test_every_column_is_documented():
    text = (Path(settings.BASE_DIR) / "docs/importing.md").read_text(encoding="utf-8")
    assert [column.name for column in COLUMNS if f"`{column.name}`" not in text] == []
