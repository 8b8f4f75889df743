"""Admin forms that were open while others wrote."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import RequestFactory

from shop.caching.versions import clearing
from shop.catalogue.models import Category, Redirect, Variant
from shop.sellers.models import SellerApplication
from shop.selling.models import Edit
from shop.staff.compared_forms import ComparingForm
from shop.staff.comparing import ComparingAdmin
from tests.admin_forms import change_url, form_data, opened_in_admin, with_changes
from tests.factories import CategoryFactory, PhotoFactory, ProductFactory, SellerFactory, UserFactory

pytestmark = pytest.mark.django_db
# The queue of what sellers sent compares by revision; nobody edits it in a form.
DECIDED_ON_A_PAGE_OF_THEIR_OWN = {Edit}
CHANGED = "by someone else while you were editing"


@pytest.fixture
def jug():
    variants = [{"sku": "J-1", "option_values": ["Small"]}, {"sku": "J-2", "option_values": ["Large"]}]
    return ProductFactory(title="Jug", care="Wash by hand.", option_names=["Size"], variants=variants)


def meanwhile(thing, **values):
    """Write as somebody else would, while a form is open."""
    with clearing():
        type(thing).objects.filter(pk=thing.pk).update(**values)


def now(thing):
    return type(thing).objects.get(pk=thing.pk)


def errors_of(response):
    assert response.status_code == 200
    return str(response.context["errors"])


def save(client, thing, data):
    response = client.post(change_url(thing), data)
    assert response.status_code == 302, response.context["errors"]


def things():
    """Return (thing, field typed into, text, field that others write, its value) of each change form."""
    seller, category = SellerFactory(), CategoryFactory(introduction="Old")
    user = UserFactory(display_name="Ann")
    applicant = UserFactory()
    application = SellerApplication.objects.create(
        user=applicant, name="Loom", slug="loom", craft="Linen", about="Cloth."
    )
    former = Redirect.objects.create(old_path="/old/", new_path="/new/")
    return [
        (ProductFactory(), "title", "Tall jug", "description", "Theirs"),
        (ProductFactory(), "brand", "Kiln", "care", "Theirs\nof two lines"),
        (ProductFactory(), "title", "Tall jug", "specifications", [["Material", "Clay"], ["Height", "2"]]),
        (category, "name", "Vessels", "introduction", "Theirs"),
        (category, "introduction", "Mine", "position", 7),
        (seller, "place", "Ghent", "about", "Theirs"),
        (seller, "about", "Mine", "since", 1998),
        (user, "display_name", "Anna", "is_staff", True),
        (application, "decision", "", "reason", "Theirs"),
        (former, "new_path", "/newer/", "new_path", "/newer/"),
    ]


def test_what_was_not_typed_is_left_as_others_wrote_it(staff_client):
    for thing, typed, text, other, value in things():
        data = opened_in_admin(staff_client, thing)
        if other != typed:
            meanwhile(thing, **{other: value})
        save(staff_client, thing, data | {typed: text})
        assert getattr(now(thing), other) == value, (thing, other)
        if hasattr(thing, typed):
            assert getattr(now(thing), typed) == text, (thing, typed)


def test_two_changes_of_one_field_are_a_conflict_that_the_second_save_decides(staff_client):
    for thing, field, text, _, _ in things()[:-2]:
        shown = getattr(thing, field)
        data = opened_in_admin(staff_client, thing) | {field: text}
        meanwhile(thing, **{field: "Theirs"})
        answer = staff_client.post(change_url(thing), data)
        assert CHANGED in errors_of(answer)
        for words in ("Theirs", shown):
            assert words in errors_of(answer), (thing, field)
        assert getattr(now(thing), field) == "Theirs"
        again = form_data(answer)
        assert again[field] == text
        save(staff_client, thing, again)
        assert getattr(now(thing), field) == text


def test_the_same_change_by_two_is_no_conflict(staff_client, jug):
    data = opened_in_admin(staff_client, jug) | {"title": "Tall jug"}
    meanwhile(jug, title="Tall jug")
    save(staff_client, jug, data)
    assert now(jug).title == "Tall jug"


def test_price_of_the_seller_stays_and_sales_are_never_undone(staff_client, jug):
    small, large = jug.variants.all()
    data = opened_in_admin(staff_client, jug)
    meanwhile(small, price="9.00", stock=17)
    meanwhile(large, stock=15)
    save(staff_client, jug, with_changes(data, {"brand": "Kiln"}, {("variants", 1): {"stock": "25"}}))
    assert [(str(v.price), v.stock) for v in jug.variants.all()] == [("9.00", 17), ("20.00", 20)]
    assert (str(now(jug).price), now(jug).brand) == ("9.00", "Kiln")


@pytest.mark.parametrize(
    ("shown", "left", "typed", "saved"),
    [
        (20, 20, "3", 3),
        (20, 18, "25", 23),
        (20, 18, "20", 18),
        (5, 3, "2", 0),
        (5, 0, "6", 1),
        (5, 9, "0", 4),
    ],
)
def test_stock_is_a_difference(staff_client, shown, left, typed, saved):
    jug = ProductFactory(stock=shown)
    data = opened_in_admin(staff_client, jug)
    meanwhile(jug.variants.get(), stock=left)
    save(staff_client, jug, with_changes(data, inline={("variants", 0): {"stock": typed}}))
    assert jug.variants.get().stock == saved


def test_fewer_than_were_sold_meanwhile_is_asked_again(staff_client):
    jug = ProductFactory(stock=5)
    data = with_changes(opened_in_admin(staff_client, jug), inline={("variants", 0): {"stock": "1"}})
    meanwhile(jug.variants.get(), stock=2)
    answer = staff_client.post(change_url(jug), data)
    assert "This was 5 when you opened it and is 2 by now, so 1 cannot be right" in errors_of(answer)
    assert jug.variants.get().stock == 2
    save(staff_client, jug, form_data(answer))
    assert jug.variants.get().stock == 1


def test_a_mistake_elsewhere_counts_the_difference_once(staff_client, jug):
    small = jug.variants.first()
    data = with_changes(opened_in_admin(staff_client, jug), {"title": ""}, {("variants", 0): {"stock": "30"}})
    meanwhile(small, stock=18)
    answer = staff_client.post(change_url(jug), data)
    save(staff_client, jug, form_data(answer) | {"title": "Jug"})
    assert now(small).stock == 28


def test_rows_that_others_removed_or_added(staff_client, jug):
    photo = PhotoFactory(product=jug)
    small, large = jug.variants.all()
    data = opened_in_admin(staff_client, jug)
    with clearing():
        small.delete()
        photo.delete()
        Variant.objects.create(product=jug, sku="J-3", option_values=["Huge"], price=5, is_default=True)
    save(staff_client, jug, data | {"title": "Tall jug"})
    assert [v.sku for v in jug.variants.all()] == ["J-3", "J-2"]
    assert not jug.photos.exists()
    data = with_changes(opened_in_admin(staff_client, jug), inline={("variants", 1): {"price": "77.00"}})
    with clearing():
        large.delete()
    answer = staff_client.post(change_url(jug), data)
    assert "Someone else removed a row while you were changing it, so “77.00” cannot be saved" in errors_of(
        answer
    )
    assert [v.sku for v in jug.variants.all()] == ["J-3"]


def test_positions_of_categories_in_their_list(staff_client):
    decor, table = CategoryFactory(slug="a", position=1), CategoryFactory(slug="b", position=2)

    def post(data):
        return staff_client.post("/admin/catalogue/category/", data | {"_save": "Save"})

    data = form_data(staff_client.get("/admin/catalogue/category/"))
    meanwhile(decor, position=9)
    assert post(data | {"form-1-position": "5"}).status_code == 302
    assert [now(c).position for c in (decor, table)] == [9, 5]
    data = form_data(staff_client.get("/admin/catalogue/category/"))
    meanwhile(decor, position=3)
    answer = post(data | {"form-0-position": "8"})
    assert CHANGED in answer.content.decode()
    assert now(decor).position == 3
    assert post(form_data(answer)).status_code == 302
    assert now(decor).position == 8
    gone = form_data(staff_client.get("/admin/catalogue/category/"))
    with clearing():
        Category.objects.filter(pk=decor.pk).delete()
    assert post(gone | {"form-1-position": "6"}).status_code == 302
    assert now(table).position == 6


def test_groups_and_rights(staff_client):
    group = Group.objects.create(name="Stewards")
    person = UserFactory(display_name="Ann")
    view, change = Permission.objects.filter(codename__in=["view_product", "change_product"]).order_by(
        "codename"
    )
    data, persons = opened_in_admin(staff_client, group), opened_in_admin(staff_client, person)
    group.permissions.add(view)
    person.groups.add(group)
    save(staff_client, group, data | {"name": "Helpers"})
    save(staff_client, person, persons | {"display_name": "Anna"})
    assert list(group.permissions.all()) == [view]
    assert list(person.groups.all()) == [group]
    data = opened_in_admin(staff_client, group)
    group.permissions.add(change)
    answer = staff_client.post(change_url(group), data | {"permissions": []})
    assert CHANGED in errors_of(answer)
    assert set(group.permissions.all()) == {view, change}


def test_untouched_means_untouched(staff_client, jug):
    details = [["Size: inner", "9 cm"], ["Glaze", "oak | ash"]]
    meanwhile(jug, care="Wash by hand.\n\nDry.", specifications=details)
    save(staff_client, jug, opened_in_admin(staff_client, jug))
    assert (now(jug).care, now(jug).specifications) == ("Wash by hand.\n\nDry.", details)


def test_every_change_form_of_the_admin_compares(staff):
    request = RequestFactory().get("/")
    request.user = staff
    compared = []
    for model, model_admin in admin.site._registry.items():
        if not model_admin.has_change_permission(request) or model in DECIDED_ON_A_PAGE_OF_THEIR_OWN:
            continue
        compared.append(model.__name__)
        assert isinstance(model_admin, ComparingAdmin), model
        thing = model(pk=1, **({"user": staff} if hasattr(model, "user") else {}))
        assert issubclass(model_admin.get_form(request, thing, change=True), ComparingForm)
        for formset, _ in model_admin.get_formsets_with_inlines(request, thing):
            assert issubclass(formset.form, ComparingForm)
        if model_admin.list_editable:
            assert issubclass(model_admin.get_changelist_formset(request).form, ComparingForm)
    assert {"Product", "Category", "Seller", "User", "SellerApplication", "Group", "EmailAddress"} <= set(
        compared
    )


def test_a_form_with_a_hundred_variants_is_not_too_large(staff_client, settings, jug):
    data = opened_in_admin(staff_client, jug)
    in_a_row = sum(name.removeprefix("initial-").startswith("variants-0-") for name in data)
    assert in_a_row > 15
    assert len(data) + 98 * in_a_row < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
