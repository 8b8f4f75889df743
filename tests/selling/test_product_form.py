"""The product form without scripts: what is saved, what is refused, and what stays in it."""

import pytest

from shop.catalogue.models import Product
from shop.selling.models import Edit, Upload
from tests.factories import ProductFactory, picture_file

from .forms import Form

pytestmark = pytest.mark.django_db
NEW = "/sell/products/new/"
KEEP = "/sell/drafts/keep/"


def edit_of(product):
    return f"/sell/products/{product.pk}/edit/"


def filled(client, shelf, **changes):
    form = Form(client.get(NEW))
    form.set(title="Tall jug", category=str(shelf.pk), variants__price="24", variants__stock="3")
    return form.set(description="Pours well.", **changes)


def problems(response):
    assert response.status_code == 200
    return [message for _, message in response.context["form"].shown_problems()]


def test_new_product_is_saved_with_everything_in_it(sell, live, vases):
    form = filled(sell, vases, specifications__name="Material", specifications__value="Clay")
    response = form.send(sell, KEEP, do="photos send", pictures=[picture_file()])
    response = Form(response).set(photos__alt="A jug").send(sell, for_sale="1")
    jug = Product.objects.get(slug="tall-jug")
    assert response.headers["Location"] == edit_of(jug)
    assert (jug.status, jug.price, jug.stock_shown, jug.category) == ("listed", 24, 3, vases)
    assert (jug.specifications, jug.option_names) == ([["Material", "Clay"]], [])
    variant, photo = jug.variants.get(), jug.photos.get()
    assert (variant.sku, variant.is_default, variant.seller) == ("TALL-JUG", True, jug.seller)
    assert photo.alt == "A jug"
    assert photo.file.storage.exists(photo.file.name)
    assert not Upload.objects.exists()
    assert not Edit.objects.exists()
    assert "Tall jug" in sell.get("/products/tall-jug/").content.decode()


def test_untouched_form_saves_what_is_there(sell, live, vase):
    before = Product.objects.get(pk=vase.pk).page_facts()
    response = Form(sell.get(edit_of(vase))).send(sell)
    assert response.status_code == 302
    assert Product.objects.get(pk=vase.pk).page_facts() == before


def test_changes_of_every_kind_are_saved(sell, live, vase):
    form = Form(sell.get(edit_of(vase))).set(title="Round vase", brand="Kiln & Sons", care="- By hand")
    form.data["variants-price"] = ["31", "49.5"]
    form.data["variants-sku"] = ["V-L", "V-S"]
    form.data["default"] = [form.data["variants-key"][1]]
    form.send(sell)
    vase = Product.objects.get(pk=vase.pk)
    assert (vase.title, vase.slug, vase.brand, vase.care) == (
        "Round vase",
        "belly-vase",
        "Kiln & Sons",
        "- By hand",
    )
    found = [(v.sku, str(v.price), v.is_default) for v in vase.variants.all()]
    assert found == [("V-L", "31.00", False), ("V-S", "49.50", True)]
    assert (str(vase.price), str(vase.price_max)) == ("31.00", "49.50")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "What is it called?"),
        ({"category": ""}, "Choose the shelf it stands on."),
        ({"category": "999999"}, "Select a valid choice. That choice is not one of the available choices."),
        ({"title": "x" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"variants__price": ""}, "What does it cost?"),
        ({"variants__price": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"variants__price": "cheap"}, "Write an amount in EUR, like 12.50 or 12,50."),
        ({"variants__stock": ""}, "How many are there?"),
        ({"variants__compare_at_price": "20"}, "The former price must be higher than the price."),
        ({"variants__sku": "TAKEN"}, "TAKEN is used by another variant of yours."),
        ({"option_1": "Size"}, "Which Size?"),
        ({"option_1": "Size", "option_2": "size", "variants__value_1": "L"}, "Name each option once."),
        ({"specifications__value": "Clay"}, "Give this detail a name, like Material."),
        ({"specifications__name": "Material"}, "Say something about Material, or remove the row."),
    ],
)
def test_mistake_is_told_beside_its_field_and_nothing_is_lost(sell, live, seller, vases, changes, message):
    ProductFactory(seller=seller, variants=[{"sku": "TAKEN"}])
    form = filled(sell, vases, **changes)
    response = form.send(sell, for_sale="1")
    assert message in problems(response)
    again = Form(response)
    for name, values in form.data.items():
        if name not in ("csrfmiddlewaretoken", "revision", "draft", "default", "category"):
            assert again.data[name] == values, name
    assert not Product.objects.filter(title="Tall jug").exists()
    assert Edit.objects.get().form_data["description"] == "Pours well."


def test_every_mistake_is_linked_to_a_field_that_is_there(sell, live, vases):
    response = filled(sell, vases, title="", variants__price="", specifications__value="x").send(sell)
    page = response.content.decode()
    places = [place for place, _ in response.context["form"].shown_problems()]
    assert len(places) == 3
    for place in places:
        assert f'id="{place}"' in page
        assert f'href="#{place}"' in page
        assert f"{place}_error" in page


def test_variants_that_are_the_same_are_refused(sell, live, vases):
    form = filled(sell, vases, option_1="Size", variants__value_1="Large")
    key = form.data["variants-key"][0]
    form = Form(form.send(sell, KEEP, do=f"variants copy {key}"))
    assert form.data["variants-value_1"] == ["Large", "Large"]
    assert "Another row is the same." in problems(form.send(sell))


def test_several_variants_need_an_option(sell, live, vases):
    form = Form(filled(sell, vases).send(sell, KEEP, do="variants add"))
    form.data["variants-price"] = ["1", "2"]
    assert "Name what the variants differ in, like Size." in problems(form.send(sell))


def test_rows_are_added_copied_moved_and_removed_without_scripts(sell, vase):
    form = Form(sell.get(edit_of(vase)))
    small, large = form.data["variants-key"]
    form = Form(form.send(sell, KEEP, do=f"variants copy {large}"))
    assert form.data["variants-value_1"] == ["Small", "Large", "Large"]
    assert form.data["variants-sku"] == ["V-S", "V-L", ""]
    form = Form(form.send(sell, KEEP, do=f"variants remove {small}"))
    assert form.data["variants-value_1"] == ["Large", "Large"]
    form = Form(form.send(sell, KEEP, do="specifications add"))
    form = Form(form.send(sell, KEEP, do="specifications remove 0"))
    assert form.data["specifications-name"] == [""]
    form = Form(form.send(sell, KEEP, do="photos send", pictures=[picture_file(), picture_file()]))
    first, second, third = form.data["photos-key"]
    form = Form(form.send(sell, KEEP, do=f"photos first {third}"))
    assert form.data["photos-key"] == [third, first, second]
    form = Form(form.send(sell, KEEP, do=f"photos down {third}"))
    form = Form(form.send(sell, KEEP, do=f"photos up {second}"))
    assert form.data["photos-key"] == [first, second, third]
    assert Product.objects.get(pk=vase.pk).page_facts() == vase.page_facts()


@pytest.mark.parametrize(
    "do", ["variants remove 999", "photos", "title remove", "variants explode 1", "x " * 99]
)
def test_words_of_a_button_that_mean_nothing_do_nothing(sell, vase, do):
    form = Form(sell.get(edit_of(vase)))
    again = Form(form.send(sell, KEEP, do=do))
    assert (again.data.pop("revision"), form.data.pop("revision")) == (["1"], ["0"])
    del again.data["csrfmiddlewaretoken"], form.data["csrfmiddlewaretoken"]
    assert again.data == form.data


def test_removed_variant_and_photo_are_gone_after_saving(sell, live, vase):
    form = Form(sell.get(edit_of(vase)))
    form = Form(form.send(sell, KEEP, do=f"variants remove {form.data['variants-key'][0]}"))
    form = Form(form.send(sell, KEEP, do=f"photos remove {form.data['photos-key'][0]}"))
    form.send(sell)
    vase = Product.objects.get(pk=vase.pk)
    assert [v.sku for v in vase.variants.all()] == ["V-L"]
    assert vase.variants.get().is_default
    assert not vase.photos.exists()


def test_address_follows_the_title_only_until_it_is_listed(sell, live, vases):
    filled(sell, vases).send(sell)
    jug = Product.objects.get()
    Form(sell.get(edit_of(jug))).set(title="Small jug").send(sell)
    jug.refresh_from_db()
    assert jug.slug == "small-jug"
    Form(sell.get(edit_of(jug))).send(sell, for_sale="1")
    Form(sell.get(edit_of(jug))).set(title="Old jug").send(sell)
    jug.refresh_from_db()
    assert (jug.slug, jug.title) == ("small-jug", "Old jug")


def test_address_is_one_of_its_own(sell, live, vases):
    ProductFactory(slug="tall-jug")
    filled(sell, vases).send(sell)
    filled(sell, vases, title="?!").send(sell)
    assert set(Product.objects.filter(seller__slug="kiln").values_list("slug", flat=True)) == {
        "tall-jug-2",
        "product",
    }


def test_product_is_deleted_after_a_question(sell, vase):
    assert "archive it instead" in sell.get(f"/sell/products/{vase.pk}/delete/").content.decode()
    response = sell.post(f"/sell/products/{vase.pk}/delete/")
    assert response.headers["Location"] == "/sell/products/"
    assert sell.get("/products/belly-vase/").status_code == 404


def test_draft_that_was_dropped_elsewhere_loses_nothing_that_is_sent(sell, vases):
    form = Form(filled(sell, vases).send(sell, KEEP, do="specifications add"))
    Edit.objects.get().delete()
    form.send(sell)
    assert Product.objects.get().title == "Tall jug"
