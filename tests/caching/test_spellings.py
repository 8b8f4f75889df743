"""Every shared page, its address written in odd ways: after a write none of them shows what was."""

from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import RequestFactory
from django.urls import resolve

from shop.browse.views import FacetPanel, ProductList, SuggestionList
from shop.caching.pages import CachedPage, policy_of
from tests.admin_forms import change_in_admin
from tests.public_pages import PAGES, rendered_anew, shown_on, stock

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

NAMES = [
    "page",
    "p",
    "q",
    "sort",
    "stars",
    "photos",
    "variant",
    "category",
    "seller",
    "brand",
    "spec",
    "rating",
    "price_min",
    "price_max",
    "in_stock",
]


def spellings(address):
    """Return addresses that mean what this one does, or nothing more."""
    path, _, query = address.partition("?")
    pairs = parse_qsl(query)
    absent = [name for name in NAMES if name not in dict(pairs)]
    odd = {
        query,
        f"{query}&utm_source=mail&zz=1",
        f"&&{query}&",
        f"{query}&page=0&page=-1",
        f"{query}&%ff=%ff&%00=%00&page=%",
        "&".join(f"{encoded(name)}={encoded(value)}" for name, value in pairs),
        urlencode([*pairs, *pairs]),
        urlencode([*((name, "x") for name, _ in pairs), *pairs]),
        urlencode([("zz", "1"), *reversed(pairs)]),
        urlencode([*((name, "") for name in absent), *pairs]),
        urlencode([(name, f" {value} ") for name, value in pairs] + [("page", " 1 ")]),
        urlencode([(name, f"\u200b{value}\x02\u2060") for name, value in pairs]),
    }
    return [*sorted(f"{path}?{query}" for query in odd), f"{path[:1]}{encoded(path[1:2])}{path[2:]}?{query}"]


def encoded(text):
    return "".join(f"%{byte:02x}" for byte in text.encode())


def canonical(address):
    """Return the address of the one page that is stored for all spellings of this one.

    What was ignored is said on the page, and no address asks for that.
    """
    request = RequestFactory().get(address)
    policy_of(request, resolve(request.path_info))
    return address if "ignored" in request.GET else request.get_full_path()


def test_no_spelling_of_an_address_is_stale(client, staff_client, monkeypatch):
    for view in (CachedPage, ProductList, FacetPanel, SuggestionList):
        monkeypatch.setattr(view, "is_unbounded", lambda page: False)
    vase = stock()
    odd = {spelling: name for name, address in PAGES.items() for spelling in spellings(address)}
    before = shown_on(client, {address: address for address in odd})
    answer = change_in_admin(
        staff_client, vase, {"title": "Tall vase"}, inline={("variants", 0): {"price": "19.00"}}
    )
    assert answer.status_code == 302
    after = shown_on(client, {address: address for address in odd})
    one = {spelling: canonical(spelling) for spelling in odd}
    truth = rendered_anew(client, {address: address for address in one.values()})
    assert [address for address in odd if facts(after[address]) != facts(truth[one[address]])] == []
    renewed = {odd[address] for address in odd if facts(after[address]) != facts(before[address])}
    assert len(renewed) > len(PAGES) / 2


def facts(response):
    return response.status_code, response.content
