"""robots.txt, read as RFC 9309 has it, against every link of the shop's pages."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import settings as settled
from hypothesis import strategies as st

from storefront.robots import ANSWERING, TRAINING
from tests.factories import ProductFactory, ReviewFactory, SellerFactory

BROWSERS_OF_SEARCH = ["Googlebot", "Bingbot", "DuckDuckBot", "Applebot", "Mozilla/5.0"]
SIZES = [{"sku": "A&B", "option_values": ["S"]}, {"sku": "C", "option_values": ["L"]}]
PERSONAL = ("/accounts/", "/me/", "/sell/", "/admin/", "/filters/", "/suggestions/")


class Robots:
    """The groups of a robots.txt: section 2.2.1 and 2.2.2 of RFC 9309."""

    def __init__(self, text):
        self.groups, agents = {}, []
        was_rule = True
        for line in text.splitlines():
            name, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
            match name.lower():
                case "user-agent":
                    agents = [value.lower()] if was_rule else [*agents, value.lower()]
                    was_rule = False
                    self.groups.setdefault(value.lower(), [])
                case "allow" | "disallow":
                    was_rule = True
                    for agent in agents:
                        self.groups[agent].append((name.lower() == "allow", value))

    def may(self, agent, address):
        rules = self.groups.get(agent.lower(), self.groups["*"])
        found = [(len(rule), is_open) for is_open, rule in rules if rule and pattern(rule).match(address)]
        return max(found, default=(0, True))[1]


def pattern(rule):
    parts = ".*".join(map(re.escape, rule.removesuffix("$").split("*")))
    return re.compile(parts + ("$" if rule.endswith("$") else ""))


@pytest.fixture
def robots(client):
    return Robots(client.get("/robots.txt").text)


def links(page):
    for link in re.findall(r'(?:href|hx-get|action)="([^"]*)"', page.text):
        split = urlsplit(unescape(link))
        if not split.netloc or split.netloc in ("testserver", "shop.example"):
            yield split.path + (f"?{split.query}" if split.query else "")


def is_for_robots(link):
    split = urlsplit(link)
    names = list(parse_qs(split.query, keep_blank_values=True))
    if split.path.startswith(PERSONAL) or "/related/" in split.path:
        return False
    return not split.query or names in (["page"], ["variant"])


@pytest.fixture
def addresses(db):
    product = ProductFactory(
        slug="vase",
        title="Blue vase",
        brand="Kiln",
        seller=SellerFactory(slug="kiln"),
        option_names=["Size"],
        variants=SIZES,
    )
    ReviewFactory(product=product)
    for n in range(30):
        ProductFactory(seller=product.seller, category=product.category, title=f"Vase {n}", brand=f"B{n}")
    category = f"/categories/{product.category.path}/"
    return [
        *("/", "/products/", "/products/?page=2", "/products/?brand=Kiln&sort=price", category),
        *(
            f"{category}?rating=2",
            "/products/vase/",
            "/products/vase/reviews/",
            "/sellers/kiln/",
            "/filters/",
        ),
        "/products/?q=vase",
    ]


def test_every_link_of_a_page_is_open_or_closed_as_it_should_be(client, robots, addresses):
    seen = {link for address in addresses for link in links(client.get(address)) if link.startswith("/")}
    assert len(seen) > 60
    for agent in BROWSERS_OF_SEARCH + ANSWERING:
        assert {link for link in seen if robots.may(agent, link)} == set(filter(is_for_robots, seen))


def test_whole_sitemap_may_be_asked_for(client, robots, addresses):
    index = re.findall(r"<loc>https://shop.example(.*?)</loc>", client.get("/sitemap.xml").text)
    pages = [
        page
        for part in index
        for page in re.findall(r"<loc>https://shop.example(.*?)</loc>", client.get(part).text)
    ]
    assert len(pages) > 30
    for address in [*index, *pages, "/sitemap-products.xml?p=2", "/feed.xml"]:
        assert robots.may("Googlebot", unescape(address)), address


def locations(sitemap):
    return re.findall(r"<loc>https://shop.example(.*?)</loc>", sitemap.text)


@settled(deadline=None, max_examples=100)
@given(
    path=st.sampled_from(["/", "/products/", "/categories/a/b/", "/sellers/kiln/", "/products/vase/"]),
    names=st.lists(st.from_regex("[a-z_]{1,9}", fullmatch=True), min_size=1, max_size=4, unique=True),
)
def test_parameters_that_nobody_knows_yet_are_closed(path, names):
    robots = Robots(Client().get("/robots.txt").text)
    query = "&".join(f"{name}=1" for name in names)
    is_open = (names == ["page"] and path != "/") or (names == ["variant"] and path.startswith("/products/"))
    assert robots.may("Googlebot", f"{path}?{query}") is is_open


@pytest.mark.parametrize(
    ("choice", "kept_away", "let_in"),
    [
        ("search", TRAINING, BROWSERS_OF_SEARCH + ANSWERING),
        ("all", [], BROWSERS_OF_SEARCH + ANSWERING + TRAINING),
        ("none", ANSWERING + TRAINING, BROWSERS_OF_SEARCH),
    ],
)
def test_ai_crawlers_are_let_in_by_kind(client, settings, choice, kept_away, let_in):
    settings.AI_CRAWLERS = choice
    robots = Robots(client.get("/robots.txt").text)
    for address in ("/", "/products/vase/"):
        assert not any(robots.may(agent, address) for agent in kept_away)
        assert all(robots.may(agent, address) for agent in let_in)
    assert not any(robots.may(agent, "/products/?brand=x") for agent in kept_away + let_in)


def test_an_admin_elsewhere_is_not_told_of(client, settings):
    settings.ADMIN_PATH = "backroom/"
    assert "backroom" not in client.get("/robots.txt").text
    assert "admin" not in client.get("/robots.txt").text
