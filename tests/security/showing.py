"""What shows a product's texts: pages, structured data, the feed, the map of the site."""

import json
from xml.etree import ElementTree

import html5lib

from shop.catalogue.models import Category


def assert_everything_is_shown(client, vase):
    """Read the public pages, the feed and the map, and see that they are what they say."""
    category = Category.objects.get(pk=vase.category_id)
    addresses = [vase.get_absolute_url(), "/", "/products/", "/sellers/kiln/", category.get_absolute_url()]
    for address in [*addresses, f"{vase.get_absolute_url()}reviews/"]:
        page = client.get(address)
        assert page.status_code == 200, address
        for script in html5lib.parse(page.content.decode(), namespaceHTMLElements=False).iter("script"):
            if script.get("type") == "application/ld+json":
                json.loads(script.text)
    for address in ("/feed.xml", "/sitemap.xml", "/sitemap-products.xml"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        ElementTree.fromstring(answer.content)
