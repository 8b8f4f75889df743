"""What is typed is kept as it is typed, shown again, previewed, and dropped when it is not wanted."""

import pytest
from django.test import Client

from shop.catalogue.models import Product
from shop.selling.models import Edit
from tests.factories import picture_file

from .forms import Form

pytestmark = pytest.mark.django_db
KEEP = "/sell/drafts/keep/"
HTMX = {"HX-Request": "true"}


def edit_of(product):
    return f"/sell/products/{product.pk}/edit/"


def keep(client, form):
    return client.post(KEEP, form.data, headers=HTMX)


def test_new_draft_gets_an_address_of_its_own(sell):
    form = Form(sell.get("/sell/products/new/")).set(title="Half a", variants__price="not yet")
    response = keep(sell, form)
    draft = Edit.objects.get()
    assert response.headers["HX-Replace-Url"] == f"/sell/drafts/{draft.pk}/"
    assert f'name="draft" value="{draft.pk}"' in response.content.decode()
    form = Form(sell.get(f"/sell/drafts/{draft.pk}/"))
    assert (form.data["title"], form.data["variants-price"]) == (["Half a"], ["not yet"])
    keep(sell, form.set(title="Half a jug"))
    assert Edit.objects.get().form_data["title"] == "Half a jug"
    assert "Half a jug" in sell.get("/sell/products/").content.decode()
    assert "Half a jug" in sell.get("/sell/").content.decode()


def test_draft_becomes_a_product(sell, live, vases):
    form = Form(sell.get("/sell/products/new/")).set(title="Jug", variants__price="9")
    keep(sell, form)
    form = Form(sell.get(f"/sell/drafts/{Edit.objects.get().pk}/"))
    form.set(category=str(vases.pk)).send(sell, for_sale="1")
    assert Product.objects.get().title == "Jug"
    assert not Edit.objects.exists()


def test_draft_of_a_product_is_kept_beside_it(sell, vase):
    keep(sell, Form(sell.get(edit_of(vase))).set(title="Round"))
    response = sell.get(edit_of(vase))
    assert Form(response).data["title"] == ["Round"]
    assert "did not save yet" in response.content.decode()
    assert Product.objects.get().title == "Belly vase"


def test_keeping_with_scripts_changes_the_page_in_place(sell, vase):
    form = Form(sell.get(edit_of(vase)))
    html = sell.post(KEEP, form.data | {"do": "variants add"}, headers=HTMX).content.decode()
    assert html.count('name="variants-key"') == 3
    assert 'id="kept" hx-swap-oob="true"' in html
    assert "<html" not in html
    html = keep(sell, form.set(revision="1")).content.decode()
    assert "Draft kept at" in html
    assert 'name="revision" value="2"' in html
    assert "variants-key" not in html


@pytest.mark.parametrize("answer", ["drop", "keep"])
def test_draft_is_dropped_after_a_question(sell, vase, answer):
    keep(sell, Form(sell.get(edit_of(vase))).set(title="Round"))
    draft = Edit.objects.get()
    assert "Drop the draft of Round?" in sell.get(f"/sell/drafts/{draft.pk}/delete/").content.decode()
    if answer == "drop":
        assert sell.post(f"/sell/drafts/{draft.pk}/delete/").headers["Location"] == edit_of(vase)
    title = "Belly vase" if answer == "drop" else "Round"
    assert Form(sell.get(edit_of(vase))).data["title"] == [title]


def test_preview_is_the_page_as_it_would_be_and_is_never_stored(sell, vase):
    form = Form(sell.get(edit_of(vase))).set(title="Round", description="**Loud**", variants__price="77")
    form = Form(form.send(sell, KEEP, do="photos send", pictures=[picture_file(colour=(1, 2, 3))]))
    response = form.send(sell, "/sell/drafts/preview/")
    assert response.headers["Location"] == f"/sell/products/{vase.pk}/preview/"
    response = sell.get(response.headers["Location"])
    html = response.content.decode()
    assert "Round</h1>" in html
    assert "<strong>Loud</strong>" in html
    assert "€77.00" in html
    assert html.count("gallery__photo") == 2
    assert "catalogue/product_detail.html" in [template.name for template in response.templates]
    assert "no-store" in response.headers["Cache-Control"]
    assert "X-Cache" not in response.headers
    assert "Round" not in Client().get(vase.get_absolute_url()).content.decode()
    assert Product.objects.get().page_facts() == vase.page_facts()


@pytest.mark.parametrize("is_new", [True, False])
def test_preview_leaves_the_window_in_which_it_was_typed_at_work(sell, vase, is_new):
    form = Form(sell.get("/sell/products/new/" if is_new else edit_of(vase)))
    for title in ("Round", "Rounder"):
        form.set(title=title).send(sell, "/sell/drafts/preview/")
    response = keep(sell, form.set(title="Round again"))
    assert "another window" not in response.content.decode()
    assert Edit.objects.get().form_data["title"] == "Round again"


def test_preview_chooses_variants_in_place(sell, vase):
    address = f"/sell/products/{vase.pk}/preview/?variant=V-L"
    html = sell.get(address).content.decode()
    assert "€50.00" in html
    assert f'hx-get="/sell/products/{vase.pk}/preview/?variant=V-S"' in html
    fragment = sell.get(address, headers=HTMX).content.decode()
    assert fragment.lstrip().startswith('<div class="offer"')


def test_preview_of_hardly_anything(sell):
    form = Form(sell.get("/sell/products/new/"))
    response = form.set(variants__price="x", variants__stock="-4").send(sell, "/sell/drafts/preview/")
    html = sell.get(response.headers["Location"]).content.decode()
    assert "Without a title yet</h1>" in html
    assert "some fields are still to be filled" in html


def test_signed_out_while_typing(client, vase, seller):
    client.force_login(seller.user)
    form = Form(client.get(edit_of(vase)))
    client.logout()
    assert keep(client, form).status_code == 401
    assert client.post(KEEP, form.data).status_code == 302


def test_markdown_is_shown_as_the_page_would(sell):
    response = sell.post("/sell/markdown/", {"description": "# Big\n\n<script>alert(1)</script>"})
    html = response.content.decode()
    assert "<h3>Big</h3>" in html
    assert "<script>" not in html


def test_text_with_odd_characters_is_kept(sell, vase):
    keep(sell, Form(sell.get(edit_of(vase))).set(title="Nul \0 and \U0001f3fa", description="a\r\nb"))
    content = Edit.objects.get().form_data
    assert (content["title"], content["description"]) == ("Nul and \U0001f3fa", "a\nb")
