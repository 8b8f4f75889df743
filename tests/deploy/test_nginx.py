"""deploy/nginx.conf in front of two servers, as visitors and operators meet it."""

import http.client
import os
import re
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.freshness.services import free_port, wait_for
from tests.factories import PASSWORD

from . import layout
from .layout import wait_until

pytestmark = pytest.mark.xdist_group("deploy")
VASE = "/products/vase/"
RENAME = """
from shop.caching.versions import clearing
from shop.catalogue.models import Product
with clearing():
    product = Product.objects.locked().get(slug="vase")
    product.title = "{}"
    product.save()
"""


def test_plain_http_leads_to_https(shop):
    connection = http.client.HTTPConnection("127.0.0.1", shop.proxy.plain_port, timeout=10)
    connection.request("GET", VASE, headers={"Host": "shop.example"})
    answer = connection.getresponse()
    connection.close()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://shop.example{VASE}")


def test_page_comes_from_a_cache_that_both_servers_share_and_is_sent_with_hsts(shop):
    answers = [shop.ask(VASE) for _ in range(8)]
    assert [answer.status for answer in answers] == [200] * 8
    assert [answer.headers["X-Cache"] for answer in answers[1:]] == ["hit"] * 7
    assert "max-age=31536000" in answers[0].headers["Strict-Transport-Security"]
    assert f'rel="canonical" href="https://shop.example{VASE}"' in answers[0].text


def test_write_of_another_process_shows_on_both_servers_at_once(shop):
    for title in ("Red vase", "Green vase"):
        shop.run(RENAME.format(title))
        assert all(title in shop.ask(VASE).text for _ in range(8))


def test_node_of_the_cache_that_is_lost_stops_nothing(shop):
    shop.nodes[0].kill()
    try:
        shop.run(RENAME.format("Black vase"))
        answers = [shop.ask(path) for path in (VASE, "/", "/products/") for _ in range(4)]
    finally:
        shop.nodes[0].start()
    assert {answer.status for answer in answers} == {200}
    assert all("Black vase" in answer.text for answer in answers)


def test_metrics_are_for_prometheus_alone_which_asks_a_server_itself(shop):
    bearer = {"Authorization": f"Bearer {layout.TOKEN}"}
    assert shop.ask("/metrics", **bearer).status == 403
    connection = http.client.HTTPConnection("127.0.0.1", shop.servers[0].port, timeout=10)
    connection.request("GET", "/metrics", headers=bearer)
    answer = connection.getresponse()
    assert (answer.status, b"shop_pages_total" in answer.read()) == (200, True)
    connection.close()


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "photo.jpg", "program.php"])
def test_upload_runs_nothing_whatever_it_is(shop, name):
    (shop.media / name).write_text("<script>alert(1)</script>")
    answer = shop.ask(f"/media/{name}")
    assert answer.status == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Strict-Transport-Security"] == shop.ask(VASE).headers["Strict-Transport-Security"]
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path", ["/media../server.log", "/media/../nginx.conf", "/media/%2e%2e/log", "/media/"]
)
def test_no_file_beside_the_uploads_is_sent_and_none_is_listed(shop, path):
    assert shop.ask(path).status in (400, 403, 404)


@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [("/accounts/login/", 101, 413), ("/sell/import/", 101, 403), ("/sell/import/", 257, 413)],
)
def test_only_imports_take_large_files(shop, path, megabytes, status):
    length = {"Content-Length": str(megabytes * 2**20), "Expect": "100-continue"}
    body = b"x" * (megabytes * 2**20) if status == 403 else b""
    assert shop.ask(path, "POST", body, **length).status == status


def test_large_files_that_nobody_reads_are_answered_and_take_no_server_out(shop):
    """A form without a token is refused before it is read."""
    file = b"x" * 20 * 2**20
    answers = [shop.ask("/sell/import/", "POST", file) for _ in range(12)]
    assert {answer.status for answer in answers} == {403}
    assert {shop.ask(VASE).status for _ in range(4)} == {200}


def test_shop_knows_a_visitors_address_and_not_the_one_they_claim(shop):
    cookies = {}

    def ask(path, method="GET", body=None, **headers):
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers |= {"Cookie": cookie, "Referer": "https://127.0.0.1/", "X-Forwarded-For": "203.0.113.9"}
        answer = shop.ask(path, method, body, Host="127.0.0.1", **headers)
        cookies.update(
            re.match(r"([^=]+)=([^;]*)", text).groups() for text in answer.headers.get_all("Set-Cookie", ())
        )
        return answer

    token = re.search('name="csrfmiddlewaretoken" value="(.+?)"', ask("/accounts/login/").text)[1]
    form = f"csrfmiddlewaretoken={token}&login=ada@example.com&password={PASSWORD}"
    signed_in = ask("/accounts/login/", "POST", form, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert signed_in.status == 302
    sessions = ask("/accounts/sessions/").text
    assert re.findall(r"from ([\d.]+)", sessions) == [layout.VISITOR]


def test_log_holds_no_query_and_no_link_of_a_mail(shop):
    token = "abc-a-token-of-a-mail"
    for path in (
        f"/accounts/password/reset/key/{token}/",
        f"/accounts/confirm-email/{token}/",
        f"/?q={token}",
    ):
        shop.ask(path, Referer=f"https://127.0.0.1/{token}")
    shop.ask("/products/seen-in-the-log/")
    log = shop.proxy.folder / "access.log"
    wait_until(lambda: "/products/seen-in-the-log/" in log.read_text())
    assert "/accounts/password/reset/key/-" in log.read_text()
    assert token not in log.read_text()


@pytest.fixture
def limited(shop):
    """nginx with the limits as they are in deploy/."""
    proxy = layout.Proxy(shop.proxy.folder.parent, shop.servers, shop.media, free_port(), is_limited=True)
    proxy.start()
    yield proxy
    proxy.close()


def test_one_address_that_asks_too_much_is_told_so_and_others_are_not(shop, limited):
    """As many requests as at once pass, and more than come to be allowed while they are sent."""
    many = ["POST"] * 400
    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(lambda way: shop.ask("/healthz", way, "", limited).status, many))
    assert statuses.keys() <= {200, 403, 429}
    assert statuses[429] > 0
    assert {shop.ask(VASE, proxy=limited, visitor="127.0.0.3").status for _ in range(60)} == {200}
    assert shop.ask("/accounts/login/", "POST", "", limited, "127.0.0.3").status == 403


class Visitors:
    """Threads that ask, and send forms, until they are told to stop."""

    def __init__(self, shop, count=6):
        self.shop = shop
        self.statuses = Counter()
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self.ask_on, args=(n % 2,)) for n in range(count)]

    def ask_on(self, sends_forms):
        while not self.is_over.is_set():
            answer = self.shop.ask("/accounts/login/", "POST", "") if sends_forms else self.shop.ask(VASE)
            self.statuses[("POST" if sends_forms else "GET"), answer.status] += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self.is_over.set()
        for thread in self.threads:
            thread.join()


# A form without a token is answered 403 by the shop itself: nothing else is an answer.
ANSWERED = {("GET", 200), ("POST", 403)}


def test_reload_of_a_server_loses_no_request(shop):
    server = shop.servers[0]
    old = set(server.worker_pids())
    with Visitors(shop) as visitors:
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(server.worker_pids()) == 2 and not old & set(server.worker_pids()))
        # granian ends an old worker some seconds after it has started a new one, ready or not.
        wait_for(server.port, server.process)
    assert set(visitors.statuses) == ANSWERED
    assert visitors.statuses.total() > 100


def test_server_is_taken_out_and_put_back_without_a_lost_request(shop):
    first, second = shop.servers
    with Visitors(shop) as visitors:
        shop.proxy.pass_on_to([first])
        second.close()
        second.start()
        shop.proxy.pass_on_to([first, second])
    assert set(visitors.statuses) == ANSWERED


def test_server_that_dies_costs_no_page(shop):
    """A form may be lost, as it may have been taken; a page is asked for again of the other server."""
    server = shop.servers[1]
    with Visitors(shop) as visitors:
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        server.start()
    assert set(visitors.statuses) - {("POST", 502)} == ANSWERED
