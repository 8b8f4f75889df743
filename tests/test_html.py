"""The HTML of every kind of page: well formed, complete, and the same with htmx as without."""

import json
from collections import Counter
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client, RequestFactory, override_settings
from django.views.csrf import csrf_failure
from django.views.defaults import permission_denied, server_error

from tests.markup import Markup, ways_without_htmx
from tests.stocked import ADDRESSES, NOWHERE, stock_the_shop

pytestmark = pytest.mark.django_db

FAILURES = {
    "403": lambda request: permission_denied(request, PermissionError()),
    "403 without a token": csrf_failure,
    "500": server_error,
}
PAGES = [*ADDRESSES, "404", *FAILURES]
FRAGMENTS = [
    name
    for name in ADDRESSES
    if name not in ("home", "seller", "product without a photo", "archived product")
]
HEADINGS = [f"h{level}" for level in range(1, 7)]
CRAWLED_FROM = ["/", "/products/", "/products/belly-vase/"]
CRAWL_LIMIT = 200


@pytest.fixture(scope="module")
def stocked(django_db_setup, django_db_blocker, tmp_path_factory):
    """Keep the stocked shop in the database for all tests of this module, and then take it back."""
    photos = override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media")))
    with django_db_blocker.unblock(), photos, transaction.atomic():
        stock_the_shop()
        yield Client()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def markups(stocked):
    pages = {name: stocked.get(address) for name, address in ADDRESSES.items()}
    pages["404"] = stocked.get(NOWHERE)
    pages |= {name: view(RequestFactory().get("/")) for name, view in FAILURES.items()}
    fragments = {name: stocked.get(ADDRESSES[name], headers={"HX-Request": "true"}) for name in FRAGMENTS}
    return {name: Markup(response.content.decode()) for name, response in pages.items()} | {
        f"{name}, fragment": Markup(response.content.decode(), is_fragment=True)
        for name, response in fragments.items()
    }


@pytest.fixture(params=[*PAGES, *(f"{name}, fragment" for name in FRAGMENTS)])
def markup(request, markups):
    return markups[request.param]


@pytest.fixture(params=PAGES)
def page(request, markups):
    return markups[request.param]


def test_markup_has_no_parse_error(markup):
    assert markup.errors == []


def test_ids_are_unique(markup):
    counts = Counter(element.get("id") for element in markup.having("id"))
    assert [name for name, count in counts.items() if count > 1] == []


def test_what_ids_are_named_for_is_there(page):
    ids = {element.get("id") for element in page.having("id")}
    names = [
        name
        for attribute in ("aria-labelledby", "aria-describedby", "for")
        for element in page.having(attribute)
        for name in element.get(attribute).split()
    ]
    assert [name for name in names if name not in ids] == []


def test_pictures_have_a_text_and_their_size(markup):
    for picture in markup.all("img"):
        assert picture.get("alt")
        assert int(picture.get("width")) > 0
        assert int(picture.get("height")) > 0


def test_page_says_its_language_and_title(page):
    (root,), (title,) = page.all("html"), page.all("title")
    assert root.get("lang") == "en"
    assert "Ingle" in title.text


def test_headings_start_at_one_and_skip_no_level(page):
    levels = [int(heading.tag[1]) for heading in page.all(*HEADINGS)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [(above, below) for above, below in pairwise(levels) if below > above + 1] == []


def test_link_that_htmx_follows_leads_to_the_same_place_without_it(markup):
    for element in markup.having("hx-get"):
        assert element.get("hx-get") in ways_without_htmx(element)


def test_nothing_needs_an_inline_style_or_script(markup):
    assert markup.having("style") == []
    assert markup.all("style") == []
    handlers = [name for element in markup.tree.iter() for name in element.attrib if name.startswith("on")]
    assert handlers == []
    for script in markup.all("script"):
        if script.get("type") == "application/ld+json":
            assert json.loads(script.text)["@context"] == "https://schema.org"
        else:
            assert script.get("src")
            assert not script.text


def test_static_files_of_a_page_exist(page):
    paths = [urlsplit(address).path for address in page.addresses()]
    files = [path.removeprefix("/static/") for path in paths if path.startswith("/static/")]
    assert files
    assert [file for file in files if not finders.find(file)] == []


def test_links_lead_somewhere(stocked):
    addresses = {address for start in CRAWLED_FROM for address in internal_links(stocked, start)}
    assert 40 < len(addresses) <= CRAWL_LIMIT
    broken = {address: status for address in addresses if (status := stocked.get(address).status_code) >= 400}
    assert broken == {}


def internal_links(client, start):
    markup = Markup(client.get(start).content.decode())
    for link in markup.all("a"):
        parts = urlsplit(urljoin(start, link.get("href")))
        if not parts.scheme and parts.path.startswith("/") and not parts.path.startswith("/media/"):
            yield parts._replace(fragment="").geturl()
