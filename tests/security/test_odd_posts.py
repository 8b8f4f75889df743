"""Every form of the shop, sent with values that no browser would send: never an error of the shop."""

import copy
import os
import random
import traceback

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from shop.reviews.models import Review
from tests.factories import ReviewPhotoFactory
from tests.personal_pages import GETS, POSTS

from .addresses import every_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raw_writes_are_expected")]

DIGITS = "9" * 30
ODD = {
    "empty": "",
    "30 digits": DIGITS,
    "5,000 digits": "9" * 5000,
    "negative": "-1",
    "just too large": str(2**63),
    "NUL": "a\0b",
    "replaced": "\ufffd\u202e\u200b",
    "other digits": "٣",
    "twice": ["1", DIGITS],
    "dunder": "__class__",
    "infinite": "1e999",
    "not a number": "NaN",
    "upload": f"upload-{DIGITS}",
    "photo": f"photo-{'9' * 5000}",
    "list": '[[["x"]]]',
    "deep": "[" * 5000,
    "wrong shapes": '{"photos": [1, {"key": {"a": 1}}], "variants": {"a": 1}, "default": null, "title": [1]}',
    "half a letter": '{"title": "\\ud800", "photos": [{"key": "\\ud800"}], "default": "\\u0000\\udfff"}',
    "large number": f'{{"title": 1e999, "default": {DIGITS}}}',
    "text as a file": SimpleUploadedFile("x.txt", b"x"),
}
# ODD_POSTS=1 tries everything, for an hour: each field of each form with each of these.
ALL = "ODD_POSTS" in os.environ
# How many of these all fields of a form are sent with, each field by itself, and each address.
TOGETHER, EACH, EVERYWHERE = (len(ODD), len(ODD), 3) if ALL else (1, 0, 1)


@pytest.fixture
def pages(people, things, staff):
    """Return (visitor, client, address) of every page that may have a form."""
    ReviewPhotoFactory(review=Review.objects.get(pk=things["review"]))
    clients = {name: Client() for name in ("anonymous", "shopper", "seller", "staff")}
    for name, client in clients.items():
        if name in people:
            client.force_login(people[name])
    asking = ("anonymous", "shopper", "seller")
    pages = [(name, clients[name], address.format(**things)) for name in asking for address in GETS]
    own = [
        ("staff", clients["staff"], address) for address in every_address() if address.startswith("/admin/")
    ]
    changes = [
        reverse(f"admin:{name}_change", args=[things[kind]])
        for name, kind in (
            ("catalogue_product", "product"),
            ("reviews_review", "review"),
            ("selling_edit", "draft"),
        )
    ]
    return [*pages, *own, *(("staff", clients["staff"], address) for address in changes)]


def forms_in(client, address):
    """Yield (where it is sent, its fields with the values of a browser) of each form of a page that posts."""
    response = client.get(address)
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        return
    page = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    for form in page.iter("form"):
        if (form.get("method") or "").lower() == "post":
            yield form.get("action") or address, fields_of(form)


def fields_of(form):
    fields = {}
    for tag in ("input", "textarea", "select", "button"):
        for field in form.iter(tag):
            if field.get("name"):
                fields[field.get("name")] = value_of(field)
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def value_of(field):
    if field.tag == "select":
        options = [option.get("value", "") for option in field.iter("option")]
        return options[-1] if options else ""
    if field.get("type") == "file":
        return "text in the place of a file"
    return (field.text if field.tag == "textarea" else field.get("value")) or "x"


def posts_to(address, fields, chance):
    """Yield (what is odd, data) of the ways in which a form is sent."""
    yield "as it is", fields
    yield "without anything", {}
    for name in chance.sample(sorted(ODD), TOGETHER):
        yield name, dict.fromkeys(fields, ODD[name])
    for field in fields:
        for name in chance.sample(sorted(ODD), EACH):
            yield f"{field}: {name}", fields | {field: ODD[name]}


def failure(client, address, data):
    """Return what went wrong in the shop when this was sent; nothing of it is kept."""
    for value in data.values():
        if hasattr(value, "seek"):
            value.seek(0)
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        try:
            status = client.post(address, data).status_code
        except Exception as error:  # noqa: BLE001 - what a browser would see as 500
            status = "".join(traceback.format_exception(error)[-6:])
        transaction.set_rollback(True)
    client.cookies = cookies
    return None if status in range(500) else status


def test_no_form_is_an_error_whatever_it_is_sent_with(pages):
    chance, seen, failures = random.Random(0), set(), {}
    for visitor, client, address in pages:
        for action, fields in forms_in(client, address):
            key = (visitor == "anonymous", action, tuple(sorted(fields)))
            if key in seen:
                continue
            seen.add(key)
            for odd, data in posts_to(action, fields, chance):
                if wrong := failure(client, action, data):
                    failures[visitor, action, odd] = wrong
    assert len(seen) > 50
    assert failures == {}, "\n".join(f"{where}: {wrong}" for where, wrong in failures.items())


# What views read of a request, whether or not a form of theirs has it.
NAMES = [
    "removed",
    "chosen",
    "photos-key",
    "photos-alt",
    "version",
    "variant",
    "page",
    "base",
    "draft",
    "product",
    "revision",
    "do",
    "pk",
    "id",
    "action",
    "_selected_action",
    "form-0-id",
    "form-TOTAL_FORMS",
    "everything",
    "q",
    "sort",
    "stars",
    "shown",
    "next",
    "variants-key",
    "variants-price",
    "specifications-name",
]
SENT_EVERYWHERE = ["30 digits", "wrong shapes", "half a letter"]


def test_no_address_is_an_error_whatever_it_is_sent_with(pages, things):
    chance, failures = random.Random(0), {}
    clients = {visitor: client for visitor, client, _ in pages}
    addresses = {address.format(**things) for address in [*GETS, *POSTS]} | {*every_address()}
    for address in sorted(addresses):
        for visitor in ("seller", "staff"):
            for odd in chance.sample(SENT_EVERYWHERE, EVERYWHERE):
                if wrong := failure(clients[visitor], address, dict.fromkeys(NAMES, ODD[odd])):
                    failures[visitor, address, odd] = wrong
    assert failures == {}, "\n".join(f"{where}: {wrong}" for where, wrong in failures.items())
