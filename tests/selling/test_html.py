"""The HTML of the seller's area: well formed, ids unique, what is named there, nothing inline."""

from collections import Counter

import pytest

from shop.selling.models import Edit
from tests.factories import picture_file
from tests.markup import Markup, ways_without_htmx

from .forms import Form

pytestmark = pytest.mark.django_db
KEEP = "/sell/drafts/keep/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def pages(sell, live, vase):
    edit = f"/sell/products/{vase.pk}/edit/"
    form = Form(sell.get(edit)).set(title="Round vase", variants__price="")
    wrong = form.send(sell, pictures=[picture_file(), picture_file(kind="GIF")])
    kept = Form(sell.get(edit))
    addresses = ["/sell/", "/sell/products/", "/sell/products/?q=no", "/sell/products/new/", edit]
    addresses += [f"/sell/products/{vase.pk}/delete/", f"/sell/products/{vase.pk}/preview/"]
    addresses += [f"/sell/drafts/{Edit.objects.get().pk}/delete/"]
    responses = {address: sell.get(address) for address in addresses}
    responses["with mistakes"] = wrong
    responses["bulk mistake"] = sell.post("/sell/products/prices/", {"chosen": vase.pk})
    responses |= {
        f"fragment {do}": sell.post(KEEP, kept.data | {"do": do}, headers=HTMX)
        for do in ("", "variants add", "photos", "specifications add")
    }
    responses["fragment upload"] = sell.post("/sell/uploads/", {"pictures": picture_file()}, headers=HTMX)
    return {
        name: Markup(response.content.decode(), is_fragment=name.startswith("fragment"))
        for name, response in responses.items()
    }


def test_markup(pages):
    assert len(pages) == 15
    for name, page in pages.items():
        assert page.errors == [], name
        counts = Counter(element.get("id") for element in page.having("id"))
        assert [ident for ident, count in counts.items() if count > 1] == [], name
        assert page.having("style") == [], name
        assert all(script.get("src") for script in page.all("script")), name
        for element in page.having("hx-get"):
            assert element.get("hx-get") in ways_without_htmx(element), name


def test_what_ids_are_named_for_is_there(pages):
    for name, page in pages.items():
        if name.startswith("fragment"):
            continue
        ids = {element.get("id") for element in page.having("id")}
        for attribute in ("for", "aria-describedby", "aria-labelledby"):
            for element in page.having(attribute):
                assert set(element.get(attribute).split()) <= ids, (name, element.attrib)


def test_fields_have_a_label(pages):
    for name, page in pages.items():
        labelled = {label.get("for") for label in page.all("label")}
        inside = {field for label in page.all("label") for field in label.iter()}
        for field in page.all("input", "select", "textarea"):
            if field.get("type") not in ("hidden", "submit"):
                assert field.get("aria-label") or field.get("id") in labelled or field in inside, name


def test_every_button_and_link_of_a_form_leads_somewhere(pages, sell):
    for page in pages.values():
        for button in page.having("formaction"):
            assert sell.get(button.get("formaction").partition("#")[0]).status_code in (200, 405)
