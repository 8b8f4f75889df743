"""A form of a new product that is sent twice: a double click, a lost answer, a second window."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from shop.catalogue.models import Product
from shop.selling.models import Edit, ProcessedForm
from tests.factories import SellerFactory, UserFactory, picture_file
from tests.threads import at_once

from .forms import Form

pytestmark = pytest.mark.django_db
NEW = "/sell/products/new/"
KEEP = "/sell/drafts/keep/"


def filled(client, shelf):
    form = Form(client.get(NEW))
    return form.set(title="Tall jug", category=str(shelf.pk), variants__price="24", variants__stock="3")


def page_of(product):
    return f"/sell/products/{product.pk}/edit/"


@pytest.mark.parametrize("button", [{}, {"for_sale": "1"}])
def test_double_click_makes_one_product_and_both_answers_lead_to_it(sell, vases, button):
    form = filled(sell, vases)
    first, second = (form.send(sell, **button) for _ in range(2))
    jug = Product.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == page_of(jug)
    assert len(list(get_messages(sell.get(page_of(jug)).wsgi_request))) == 1
    assert [edit.revision for edit in Edit.objects.all()] == ([2] if button else [])


def test_two_forms_with_the_same_words_make_two_products(sell, vases):
    for form in [filled(sell, vases), filled(sell, vases)]:
        form.send(sell)
    assert Product.objects.count() == 2


def test_form_that_is_sent_again_with_other_words_changes_what_it_made(sell, live, vases):
    form = Form(filled(sell, vases).send(sell, KEEP, do="photos send", pictures=[picture_file()]))
    form.set(photos__alt="A jug").send(sell)
    assert form.set(title="Taller jug", photos__alt="The jug").send(sell).status_code == 302
    jug = Product.objects.get()
    assert (jug.title, jug.variants.count(), jug.photos.get().alt) == ("Taller jug", 1, "The jug")
    assert not Edit.objects.exists()


def test_form_that_is_sent_again_overwrites_nobody(sell, live, vases):
    form = filled(sell, vases)
    form.send(sell)
    jug = Product.objects.get()
    Form(sell.get(page_of(jug))).set(title="Small jug").send(sell)
    again = form.set(title="Taller jug").send(sell)
    assert again.status_code == 409
    assert Form(again).action == page_of(jug)
    assert Product.objects.get().title == "Small jug"
    Form(again).send(sell)
    assert Product.objects.get().title == "Taller jug"


def test_other_button_counts_as_something_new(sell, live, vases):
    form = filled(sell, vases)
    form.send(sell)
    form.send(sell, for_sale="1")
    assert Product.objects.get().is_listed


def test_two_windows_with_one_draft_make_one_product(sell, live, vases):
    form = filled(sell, vases)
    form.send(sell, KEEP)
    other = Form(sell.get(Edit.objects.get().get_absolute_url()))
    form.send(sell)
    assert other.set(title="Taller jug").send(sell).status_code == 302
    assert Product.objects.get().title == "Taller jug"
    assert not Edit.objects.exists()


def test_form_keeps_one_draft_whoever_is_first(sell, vases):
    form = filled(sell, vases)
    form.send(sell, KEEP)
    form.send(sell, KEEP)
    assert Edit.objects.count() == 1


def test_draft_that_is_kept_too_late_is_none(sell, vases):
    form = filled(sell, vases)
    form.send(sell)
    form.send(sell, KEEP)
    assert not Edit.objects.exists()
    form.set(title="Taller jug").send(sell, KEEP)
    assert Edit.objects.get().product == Product.objects.get()


def test_form_of_a_product_that_is_gone_makes_a_new_one(sell, vases):
    form = filled(sell, vases)
    form.send(sell)
    sell.post(f"/sell/products/{Product.objects.get().pk}/delete/")
    form.send(sell)
    assert Product.objects.count() == 1


def test_forms_of_another_seller_are_nobody_elses(sell, vases):
    form = filled(sell, vases)
    form.send(sell)
    stranger = Client()
    stranger.force_login(SellerFactory(user=UserFactory()).user)
    form.set(title="Taller jug").send(stranger)
    assert Product.objects.get(title="Tall jug").seller != Product.objects.get(title="Taller jug").seller


def test_old_forms_are_swept(sell, vases):
    filled(sell, vases).send(sell)
    call_command("sweep_uploads")
    assert ProcessedForm.objects.exists()
    ProcessedForm.objects.update(sent_at=timezone.now() - timedelta(days=31))
    call_command("sweep_uploads")
    assert not ProcessedForm.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_form_that_is_sent_twice_at_once_makes_one_product(sell, vases):
    form = filled(sell, vases)

    def send():
        client = Client()
        client.cookies = sell.cookies
        return form.send(client).headers["Location"]

    places = at_once(send, send, send)
    assert places == [page_of(Product.objects.get())] * 3
