"""What edges are told: which pages are everybody's and by which keys, and what has changed."""

import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shop.caching.cdn import KEYS_IN_A_REQUEST, purge, surrogate_key
from shop.caching.versions import clear, clearing
from tests.factories import ProductFactory


@pytest.fixture
def product(db):
    return ProductFactory(title="Blue vase", slug="vase")


@pytest.fixture
def keyed(settings):
    settings.SURROGATE_KEYS = True


class Told(BaseHTTPRequestHandler):
    def do_PURGE(self):
        assert self.path == "/"
        self.server.purges.append(self.headers["Surrogate-Key"].split())
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def edge(settings):
    """An edge that notes the keys that it is told to purge."""
    with HTTPServer(("127.0.0.1", 0), Told) as server:
        server.purges, server.status = [], 200
        settings.EDGES = [f"127.0.0.1:{server.server_port}"]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_pages_say_nothing_to_edges_unless_asked(client, product):
    headers = client.get("/products/vase/").headers
    assert [name for name in headers if name.startswith("Surrogate")] == []


@pytest.mark.parametrize(
    ("address", "tags"),
    [
        ("/products/vase/", ["site", "product:vase", "reviews:vase"]),
        ("/products/", ["site", "products", "card:vase"]),
        ("/sellers/{}/", ["site", "seller:{}", "card:vase"]),
    ],
)
def test_page_has_the_keys_of_all_its_tags(client, product, keyed, address, tags):
    seller = product.seller.slug
    first, second = (client.get(address.format(seller)) for _ in range(2))
    assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("miss", "hit")
    assert first.headers["Surrogate-Key"] == second.headers["Surrogate-Key"]
    assert {surrogate_key(tag.format(seller)) for tag in tags} <= set(first.headers["Surrogate-Key"].split())
    assert first.headers["Surrogate-Control"] == "max-age=0"


@pytest.mark.parametrize("address", ["/me/", "/accounts/login/", "/products/nothing/", "/healthz", "/admin/"])
def test_what_is_not_everybodys_has_no_keys(client, product, keyed, address):
    assert "Surrogate-Key" not in client.get(address).headers


def test_edge_may_be_told_not_to_ask_for_a_while(client, product, keyed, settings):
    settings.EDGE_TTL = 60
    assert client.get("/products/vase/").headers["Surrogate-Control"] == "max-age=60"


def test_edge_is_told_after_the_commit(edge, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with clearing():
            clear(["product:vase", "products"])
        assert edge.purges == []
    assert edge.purges == [sorted(map(surrogate_key, ["product:vase", "products"]))]


def test_many_keys_are_sent_in_several_requests(edge, caplog):
    purge([f"product:{n}" for n in range(KEYS_IN_A_REQUEST + 1)])
    assert [len(keys) for keys in edge.purges] == [KEYS_IN_A_REQUEST, 1]
    assert not caplog.records


def test_edge_that_refuses_or_is_away_is_logged_and_stops_nothing(edge, settings, caplog):
    edge.status = 405
    settings.EDGES = [*settings.EDGES, "127.0.0.1:1"]
    with caplog.at_level(logging.ERROR):
        purge(["products"])
    refused, away = (record.getMessage() for record in caplog.records)
    assert "was not purged: 405" in refused
    assert "edge 127.0.0.1:1 was not purged: [Errno 111] Connection refused" in away


@pytest.mark.parametrize(
    ("answer", "said"), [(b"", "timed out"), (b"no HTTP at all\r\n\r\n", "no HTTP at all")]
)
def test_edge_that_says_nothing_or_nonsense_is_logged_and_holds_up_nobody(
    settings, monkeypatch, caplog, answer, said
):
    monkeypatch.setattr("shop.caching.cdn.TIMEOUT", 0.05 if not answer else 30)
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EDGES = [f"127.0.0.1:{server.getsockname()[1]}"]
        thread = threading.Thread(target=answer_one, args=(server, answer))
        thread.start()
        purge(["products"])
        thread.join()
    (record,) = caplog.records
    assert record.getMessage().rstrip() == f"edge {settings.EDGES[0]} was not purged: {said}"


def answer_one(server, answer):
    connection, _ = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(answer)
        if not answer:
            connection.recv(1)  # until the shop hangs up
