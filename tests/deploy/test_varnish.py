"""Pages through a real Varnish, as deploy/varnish.vcl has it, in front of the production server."""

import http.client
import shutil
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from django.core.management import call_command

from bench.freshness.services import Edge, Server
from shop.caching.cdn import surrogate_key
from shop.caching.versions import clearing
from tests.factories import ProductFactory
from tests.servers import started, use_database
from tests.services import require

pytestmark = pytest.mark.xdist_group("varnish")

VASE, BOWL = "/products/vase/", "/products/bowl/"
XKEY = "/usr/lib/*/varnish/vmods/libvmod_xkey.so"


class Shop(NamedTuple):
    edge: Edge
    product: object


class Answer(NamedTuple):
    status: int
    at_edge: str
    outcome: str
    text: str
    headers: http.client.HTTPMessage


@pytest.fixture(scope="module", params=[0, 60], ids=["asks each time", "asks each minute"])
def shop(request, django_db_blocker):
    has_xkey = any(Path("/").glob(XKEY.removeprefix("/")))
    require("Varnish", shutil.which("varnishd") and has_xkey)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="varnish-")))
        # Varnish reads its configuration as a user of its own.
        folder.chmod(0o755)
        stack.enter_context(django_db_blocker.unblock())
        use_database(folder / "db.sqlite3", stack)
        call_command("migrate", verbosity=0)
        ProductFactory(title="Wide bowl", slug="bowl")
        product = ProductFactory(title="Blue vase", slug="vase")
        edge = Edge(folder, request.param)
        server = started(Server(folder, environment(folder, edge), 1, 4), stack)
        stack.callback(edge.close)
        edge.start(server.port)
        yield Shop(edge, product)


def environment(folder, edge):
    return edge.settings | {
        "DJANGO_SETTINGS_MODULE": "storefront.settings",
        "DEBUG": "1",
        "CACHE_GUARD_RAISES": "0",
        "RELEASE": "varnish",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "CACHE_URL": "locmem://",
    }


def ask(shop, address, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", shop.edge.port, timeout=10)
    connection.request(method, address, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    told = response.headers
    return Answer(response.status, told["X-Edge"], told["X-Cache"], text, told)


def ask_again(shop, address, **headers):
    """Ask twice, and for something else between: a copy of this very moment is made for one request only."""
    ask(shop, address)
    ask(shop, "/healthz")
    return ask(shop, address, **headers)


def kept(shop):
    """How the edge answers with what it has."""
    return "hit" if shop.edge.seconds else "confirmed"


def rename(product, title):
    with clearing():
        product.title = title
        product.save()


@pytest.fixture
def settings_of_writer(shop, settings):
    """What the shop's own processes are told of edges, for the writes of this one."""
    settings.EDGES = [shop.edge.settings["EDGES"]] if "EDGES" in shop.edge.settings else []


def test_page_is_kept_and_new_after_a_write_and_its_neighbour_is_still_kept(shop, settings_of_writer):
    for title in ("Red vase", "Green vase"):
        assert [ask_again(shop, address).at_edge for address in (VASE, BOWL)] == [kept(shop)] * 2
        rename(shop.product, title)
        renewed, neighbour = ask(shop, VASE), ask(shop, BOWL)
        assert (renewed.at_edge, renewed.outcome) == ("fetched", "miss")
        assert title in renewed.text
        assert neighbour.at_edge == kept(shop)


def test_list_is_new_after_a_write_to_what_it_shows(shop, settings_of_writer):
    ask(shop, "/products/")
    rename(shop.product, "Round vase")
    assert "Round vase" in ask(shop, "/products/").text


def test_fragment_and_page_are_kept_apart(shop):
    page, fragment = (ask(shop, "/products/", **headers) for headers in ({}, {"HX-Request": "true"}))
    assert "<html" in page.text
    assert "<html" not in fragment.text
    assert "<html" in ask(shop, "/products/").text


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ({"Host": "localhost"}, {"Host": "LocalHost.:8443"}),
        ({}, {"HX-Request": "yes"}),
        ({}, {"HX-Request": "True"}),
        ({}, {"HX-Request": "true", "HX-Boosted": "true"}),
        ({}, {"HX-Request": "true", "HX-History-Restore-Request": "true"}),
        ({"HX-Request": "true"}, {"HX-Request": "true", "HX-Boosted": "false", "HX-Target": "listing"}),
    ],
)
def test_ways_to_ask_for_the_same_share_a_copy(shop, first, other):
    ask(shop, BOWL, **first)
    ask(shop, "/healthz")
    assert ask(shop, BOWL, **other).at_edge == kept(shop)


@pytest.mark.parametrize("address", ["/me/", "/accounts/login/", "/products/nothing/", "/healthz", "/readyz"])
def test_what_is_not_everybodys_is_never_kept(shop, address):
    assert [ask(shop, address).at_edge for _ in range(2)] == ["fetched", "fetched"]


def test_visitor_with_cookies_gets_the_page_of_all(shop):
    assert ask_again(shop, BOWL, Cookie="marker=member; sessionid=x").at_edge == kept(shop)


def test_visitors_are_told_nothing_that_is_for_the_edge(shop):
    headers = ask(shop, BOWL).headers
    assert headers["Cache-Control"] == "public, no-cache"
    assert [name for name in ("Surrogate-Key", "Surrogate-Control", "xkey", "Age") if name in headers] == []


def test_purge_by_a_visitor_reaches_nothing(shop):
    ask(shop, BOWL)
    refused = ask(shop, BOWL, "PURGE", **{"Surrogate-Key": surrogate_key("product:bowl")})
    assert refused.status == 403
    assert ask(shop, BOWL).at_edge == kept(shop)
