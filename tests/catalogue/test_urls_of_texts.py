"""Addresses with a text in them lead where they say."""

import json

import html5lib
import pytest

from shop.sellers.models import Seller
from tests.factories import ProductFactory, SellerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kiln():
    return SellerFactory(name="Kiln", slug="kiln")


SKUS = ["A&B", "A+B", "50%25", "A#1", "A/B", 'A"B', "A'B", "A B", "A;B", "A=B", "A?B", "é", "<b>", ".."]
SKUS += ["%", "A\\B"]


def test_every_article_number_is_chosen_by_its_link(client, kiln):
    cup = ProductFactory(
        slug="cup",
        seller=kiln,
        option_names=["Number"],
        variants=[{"sku": sku, "option_values": [str(n)]} for n, sku in enumerate(SKUS)],
    )
    page = html5lib.parse(client.get("/products/cup/").content.decode(), namespaceHTMLElements=False)
    links = [a for a in page.iter("a") if (a.get("id") or "").startswith("option-")]
    data = [json.loads(s.text) for s in page.iter("script") if s.get("type") == "application/ld+json"]
    offers = next(block for block in data if block["@type"] == "Product")["offers"]
    assert len(links) == len(offers) == len(SKUS)
    for link, offer, sku in zip(links, offers, SKUS, strict=True):
        for address in (link.get("href"), offer["url"].removeprefix("http://testserver")):
            answer = client.get(address)
            assert answer.status_code == 200
            assert f"Article {sku}\n" in text_of(answer)
    assert cup.variants.count() == len(SKUS)


def text_of(answer):
    return "".join(html5lib.parse(answer.content.decode(), namespaceHTMLElements=False).itertext())


def test_mail_to_a_seller_goes_to_no_other_address(client, kiln):
    ProductFactory(title="Vase", slug="vase", seller=kiln)
    Seller.objects.update(contact_email="a&b?bcc=x@example.com")
    page = html5lib.parse(client.get("/products/vase/").content.decode(), namespaceHTMLElements=False)
    [link] = [a.get("href") for a in page.iter("a") if (a.get("href") or "").startswith("mailto:")]
    assert link.startswith("mailto:a%26b%3Fbcc%3Dx@example.com?subject=Vase%20(")
