"""What sellers and staff do with products in the seller's area and in the queue, each as one function."""

from django.test import Client

from shop.catalogue.models import Product
from shop.selling.models import Edit
from tests.factories import UserFactory, picture_file

from .forms import Form

KEEP = "/sell/drafts/keep/"


def seller_of(product):
    """Return a client that is signed in as the seller of a product."""
    seller, client = product.seller, Client()
    if seller.user is None:
        seller.user = UserFactory()
        type(seller).objects.filter(pk=seller.pk).update(user=seller.user)
    client.force_login(seller.user)
    return client


def save(**changes):
    def write(staff, product):
        client = seller_of(product)
        return Form(client.get(f"/sell/products/{product.pk}/edit/")).set(**changes).send(client)

    return write


def decide(decision, **changes):
    """Let the seller change something, and staff decide on it."""

    def write(staff, product):
        save(**changes)(staff, product)
        return decided(staff, decision)

    return write


def decided(staff, decision):
    page = staff.get(f"/admin/selling/edit/{Edit.objects.sent().get().pk}/change/")
    reason = {"reason": "Not yet."} if decision == "reject" else {}
    return Form(page, decision).set(**reason).send(staff)


def add_photo_and_approve(staff, product):
    client = seller_of(product)
    form = Form(client.get(f"/sell/products/{product.pk}/edit/"))
    form = Form(form.send(client, KEEP, do="photos send", pictures=[picture_file(colour=(9, 9, 9))]))
    form.data["photos-alt"][-1] = "From above"
    form.send(client)
    return decided(staff, "approve")


def move_and_approve(slug):
    def write(staff, product):
        category = type(product.category).objects.get(slug=slug)
        return decide("approve", category=str(category.pk))(staff, product)

    return write


def keep_a_draft(staff, product):
    client = seller_of(product)
    form = Form(client.get(f"/sell/products/{product.pk}/edit/"))
    return form.set(title="Unsaved").send(client, "/sell/drafts/preview/")


def send_the_draft(staff, product):
    client = seller_of(product)
    draft = Product.objects.get(status="draft")
    return Form(client.get(f"/sell/products/{draft.pk}/edit/")).send(client, for_sale="1")


def send_and_approve_the_draft(staff, product):
    send_the_draft(staff, product)
    return decided(staff, "approve")


def bulk(address, **data):
    def write(staff, product):
        return seller_of(product).post(f"/sell/products/{address}/", {"chosen": product.pk} | data)

    return write


def delete(staff, product):
    return seller_of(product).post(f"/sell/products/{product.pk}/delete/")
