"""Two people edit one product: the second to save is shown what changed, and nothing is lost."""

from functools import partial

import pytest
from django.test import Client

from shop.catalogue.models import Product
from shop.selling.models import Edit
from tests.admin_forms import change_in_admin
from tests.threads import at_once

from .forms import Form

pytestmark = pytest.mark.django_db
KEEP = "/sell/drafts/keep/"


def edit_of(product):
    return f"/sell/products/{product.pk}/edit/"


def opened(client, product):
    return Form(client.get(edit_of(product)))


def fresh(product):
    return Product.objects.get(pk=product.pk)


def test_second_to_save_sees_what_changed_and_keeps_their_text(sell, live, vase):
    first, second = opened(sell, vase), opened(sell, vase)
    assert first.set(title="Round vase", variants__price="31").send(sell).status_code == 302
    response = second.set(title="Big vase", description="Mine, word for word.").send(sell)
    assert response.status_code == 409
    shown = {
        change.label: (change.before, change.after, change.mine)
        for change in response.context["editor"].changes
    }
    assert shown == {
        "Title": ("Belly vase", "Round vase", "Big vase"),
        "Small: price": ("30.00", "31.00", None),
    }
    assert fresh(vase).title == "Round vase"
    merged = Form(response)
    assert merged.data["title"] == ["Big vase"]
    assert merged.data["description"] == ["Mine, word for word."]
    assert merged.data["variants-price"] == ["31.00", "50.00"]
    assert merged.send(sell).status_code == 302
    vase = fresh(vase)
    assert (vase.title, vase.description, str(vase.price)) == ("Big vase", "Mine, word for word.", "31.00")


def test_third_change_is_shown_as_well(sell, live, vase):
    first, second, third = (opened(sell, vase) for _ in range(3))
    first.set(title="One").send(sell)
    conflict = Form(second.set(brand="Two").send(sell))
    third.set(care="Three").send(sell)
    Form(third.send(sell)).send(sell)
    response = conflict.send(sell)
    assert response.status_code == 409
    assert [change.label for change in response.context["editor"].changes] == ["Care"]


def test_staff_count_as_somebody_else(sell, live, staff, vase):
    mine = opened(sell, vase)
    desk = Client()
    desk.force_login(staff)
    assert change_in_admin(desk, vase, {"title": "Corrected"}).status_code == 302
    response = mine.set(title="Big vase").send(sell)
    assert response.status_code == 409
    assert fresh(vase).title == "Corrected"


def test_save_that_changed_nothing_is_no_conflict(sell, live, vase):
    mine = opened(sell, vase)
    opened(sell, vase).send(sell)
    assert fresh(vase).version > vase.version
    assert mine.set(title="Big vase").send(sell).status_code == 302


def test_rows_that_somebody_removed_or_added_are_merged(sell, live, vase):
    mine = opened(sell, vase)
    theirs = Form(opened(sell, vase).send(sell, KEEP, do="variants add"))
    theirs.data["variants-value_1"][2], theirs.data["variants-price"][2] = "Huge", "90"
    del_first = theirs.data["variants-key"][0]
    Form(theirs.send(sell, KEEP, do=f"variants remove {del_first}")).send(sell)
    response = mine.set(title="Big vase").send(sell)
    assert response.status_code == 409
    assert Form(response).data["variants-value_1"] == ["Large", "Huge"]


def test_row_that_somebody_removed_stays_if_it_was_typed_into(sell, live, vase):
    mine = opened(sell, vase).set(variants__price="35")
    theirs = opened(sell, vase)
    Form(theirs.send(sell, KEEP, do=f"variants remove {theirs.data['variants-key'][0]}")).send(sell)
    response = mine.send(sell)
    assert Form(response).data["variants-price"] == ["50.00", "35"] or Form(response).data[
        "variants-price"
    ] == [
        "35",
        "50.00",
    ]


def test_staged_edits_are_not_overwritten_either(sell, vase):
    first, second = opened(sell, vase), opened(sell, vase)
    first.set(title="Round vase").send(sell)
    response = second.set(title="Big vase").send(sell)
    assert response.status_code == 409
    assert Edit.objects.sent().get().form_data["title"] == "Round vase"
    Form(response).send(sell)
    assert Edit.objects.sent().get().form_data["title"] == "Big vase"


def test_base_that_was_tampered_with_overwrites_nothing(sell, live, vase):
    for base in ("", "[]", "{}", "null", "{" * 100_000, '{"variants": 7}'):
        form = opened(sell, vase).set(title="Big vase", base=base, revision="7" * 40)
        response = form.send(sell)
        assert response.status_code == 409, base
    assert fresh(vase).title == "Belly vase"


def test_draft_typed_in_two_windows_is_not_overwritten(sell, vase):
    first, second = opened(sell, vase), opened(sell, vase)
    first = Form(first.set(title="First").send(sell, KEEP))
    response = second.set(title="Second").send(sell, KEEP)
    assert "being edited in another window" in response.content.decode()
    assert Form(response).data["title"] == ["Second"]
    assert Edit.objects.get().form_data["title"] == "First"
    first.set(title="First again").send(sell, KEEP)
    assert Edit.objects.get().form_data["title"] == "First again"


def test_saving_leaves_the_draft_of_another_window(sell, live, vase):
    first, second = opened(sell, vase), opened(sell, vase)
    second.set(title="Second").send(sell, KEEP)
    first.set(title="First").send(sell)
    assert Edit.objects.get().form_data["title"] == "Second"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(sell, live, vase):
    """Real threads: the row is locked before it is compared."""
    forms = [opened(sell, vase).set(title=title) for title in ("First", "Second")]

    def save(form):
        client = Client()
        client.cookies = sell.cookies
        return form.send(client).status_code

    statuses = at_once(*(partial(save, form) for form in forms))
    assert sorted(statuses) == [302, 409]
    assert fresh(vase).title in ("First", "Second")
