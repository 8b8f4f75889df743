"""Crowds on filters: pages of many are made by few threads, and nobody else notices."""

import threading
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import settings as settled
from hypothesis import strategies as st

from shop.browse.list_query import canonical
from shop.caching import admission
from shop.caching.admission import Bulkhead, BusyError, RateLimiter
from shop.caching.versions import clearing
from tests.factories import ProductFactory

LONG = 30
VALUES = [
    *[(name, value) for name in ("brand", "seller") for value in ("a", "b", "c", "d", "é", "", "\0")],
    *[("spec", f"{n}:{n}") for n in range(5)],
    *[
        ("price_min", "1"),
        ("price_max", "x"),
        ("rating", "4"),
        ("rating", "9"),
        ("in_stock", "1"),
        ("page", "1"),
    ],
]
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def vase(db):
    return ProductFactory(slug="vase", title="Blue vase", brand="Kiln")


@pytest.fixture(autouse=True)
def limiter(monkeypatch):
    limiter = RateLimiter(admission.COLD_PAGES, admission.COLD_SECONDS)
    monkeypatch.setattr(admission, "RATE_LIMITER", limiter)
    return limiter


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(admission, "time", SimpleNamespace(monotonic=lambda: Clock.now))
    return Clock


@pytest.fixture
def full_lane(monkeypatch):
    """A process whose threads for pages of many are all at work."""
    bulkhead = Bulkhead(1, 1)
    monkeypatch.setattr(admission, "BULKHEAD", bulkhead)
    with bulkhead.place():
        yield bulkhead


class TestBulkhead:
    def test_so_many_are_at_work_and_others_wait_for_them(self):
        bulkhead, at_work, most = Bulkhead(2, 9), [], []
        started, may_end = threading.Semaphore(0), threading.Event()

        def work():
            with bulkhead.place():
                at_work.append(1)
                most.append(len(at_work))
                started.release()
                may_end.wait(LONG)
                at_work.pop()

        wait_seconds, admission.WAIT_SECONDS = admission.WAIT_SECONDS, LONG
        try:
            threads = [threading.Thread(target=work) for _ in range(6)]
            for thread in threads:
                thread.start()
            assert started.acquire(timeout=LONG) and started.acquire(timeout=LONG)
            assert len(at_work) == 2
            may_end.set()
            for thread in threads:
                thread.join(LONG)
        finally:
            admission.WAIT_SECONDS = wait_seconds
        assert (len(most), max(most)) == (6, 2)

    def test_nobody_stands_behind_too_many(self):
        bulkhead = Bulkhead(1, 1)
        with bulkhead.place(), pytest.raises(BusyError), bulkhead.place():
            pass
        with bulkhead.place():
            pass

    def test_nobody_waits_longer_than_the_patience(self, monkeypatch):
        monkeypatch.setattr(admission, "WAIT_SECONDS", 0.01)
        bulkhead = Bulkhead(1, 2)
        for _ in range(3):
            with bulkhead.place(), pytest.raises(BusyError), bulkhead.place():
                pass

    def test_place_is_given_back_after_an_error(self):
        bulkhead = Bulkhead(1, 1)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError), bulkhead.place():
                raise ZeroDivisionError

    def test_nobody_stands_behind_more_than_may_stand_even_if_a_place_is_free(self):
        bulkhead = Bulkhead(2, 1)
        with bulkhead.place(), pytest.raises(BusyError), bulkhead.place():
            pytest.fail("It got a place.")


class TestFullBulkhead:
    @pytest.mark.parametrize(
        "address",
        [
            "/products/?q=vase",
            "/products/?brand=Kiln",
            "/products/?category=x&sort=price",
            "/products/?rating=4&in_stock=1",
            "/products/?page=x&rating=9",
            "/filters/?spec=Material%3AOak",
            "/suggestions/?q=vas",
            "/suggestions/?q=%E8%8A%B1%E7%93%B6",
            f"/products/?category={'x' * 400}",
        ],
    )
    def test_one_of_many_is_told_to_come_back_for_next_to_nothing(
        self, client, vase, full_lane, address, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(1):  # the versions
            response = client.get(address)
        assert (response.status_code, response.headers["X-Cache"]) == (429, "busy")
        assert int(response.headers["Retry-After"]) >= 1
        assert response.headers["Cache-Control"] == "no-store"
        assert f'href="{address.partition("?")[0]}"' in response.text
        assert 'href="/products/"' in response.text and 'href="/"' in response.text

    @pytest.mark.parametrize("state", ["cold", "kept", "cleared"])
    def test_all_else_is_answered_as_ever(self, client, vase, monkeypatch, state):
        addresses = [
            *("/", "/products/", "/products/?page=1", "/products/?sort=price", "/products/?in_stock=1"),
            *("/products/vase/", "/products/vase/reviews/", f"/categories/{vase.category.path}/"),
            *(
                f"/sellers/{vase.seller.slug}/",
                "/filters/",
                "/suggestions/?q=va",
                "/feed.xml",
                "/sitemap.xml",
            ),
        ]
        if state != "cold":
            addresses.append("/products/?q=vase&brand=Kiln")
            for address in addresses:
                assert [client.get(address).status_code for _ in range(3)] == [200] * 3
        if state == "cleared":
            rename(vase)
        monkeypatch.setattr(admission, "BULKHEAD", Bulkhead(1, 1))
        with admission.BULKHEAD.place():
            answers = [client.get(address) for address in addresses]
        assert {answer.status_code for answer in answers} == {200}
        if state == "kept":
            assert {answer.headers["X-Cache"] for answer in answers} == {"hit"}

    def test_who_was_told_to_come_back_has_asked_for_nothing(self, client, vase, monkeypatch):
        monkeypatch.setattr(admission, "BULKHEAD", Bulkhead(1, 1))
        with admission.BULKHEAD.place():
            assert [client.get("/products/?q=vase").status_code for _ in range(3)] == [429] * 3
        assert [client.get("/products/?q=vase").headers["X-Cache"] for _ in range(3)] == [
            "miss",
            "miss",
            "hit",
        ]


def rename(product):
    with clearing():
        product = type(product).objects.for_page().locked().get(pk=product.pk)
        product.title = "Red vase"
        product.save()


class TestRateLimiter:
    def test_quick_visitor_is_never_limited(self, client, vase, clock):
        """A filter a second for a while, each with its counts and some letters typed."""
        for n in range(60):
            for address in (
                f"/products/?price_max={n}",
                f"/filters/?price_max={n}",
                f"/suggestions/?q=vas{n}",
            ):
                assert client.get(address, headers={"HX-Request": "true"}, **ELSEWHERE).status_code == 200
            clock.now += 1 + n % 2
            if n == 10:
                clock.now += 10

    def test_one_network_that_crawls_is_slowed_down_and_no_other_is(self, client, vase, clock):
        def crawl(first, **client_address):
            pages = (
                client.get(f"/products/?brand=b{n}", **client_address) for n in range(first, first + 130)
            )
            return [page.status_code for page in pages]

        assert crawl(0, **ELSEWHERE).count(429) == 10
        assert client.get("/products/?brand=z", REMOTE_ADDR="203.0.113.99").status_code == 429
        assert client.get("/products/?brand=z", REMOTE_ADDR="203.0.114.99").status_code == 200
        assert client.get("/products/vase/", **ELSEWHERE).status_code == 200
        clock.now += 0.6
        assert client.get("/products/?brand=y", **ELSEWHERE).status_code == 200

    def test_hits_are_not_counted(self, client, vase, clock):
        for _ in range(200):
            assert client.get("/products/?brand=Kiln", **ELSEWHERE).status_code == 200

    def test_steady_use_below_the_rate_goes_on_for_ever(self, limiter, clock):
        for _ in range(1000):
            assert limiter.wait("x") == 0
            clock.now += admission.COLD_SECONDS / admission.COLD_PAGES

    def test_wait_that_is_told_is_the_one_that_helps(self, clock):
        limiter = RateLimiter(3, 60)
        waits = [limiter.wait("x") for _ in range(5)]
        assert waits == [0, 0, 0, 20, 20]
        clock.now += waits[3]
        assert limiter.wait("x") == 0

    def test_memory_of_networks_is_bounded(self, limiter, clock, monkeypatch):
        monkeypatch.setattr(admission, "NETWORKS_KNOWN", 100)
        for n in range(1000):
            limiter.wait(str(n))
        assert len(limiter._full_until) == 100

    def test_network_that_asked_longest_ago_is_forgotten_first(self, clock, monkeypatch):
        monkeypatch.setattr(admission, "NETWORKS_KNOWN", 2)
        limiter = RateLimiter(2, 60)
        for name in ("a", "b", "a", "c"):
            assert limiter.wait(name) == 0
        assert limiter.wait("a") > 0
        assert [limiter.wait("b"), limiter.wait("b")] == [0, 0]


@pytest.mark.parametrize(
    "address",
    [
        "/products/?price_min=x",
        "/products/?price_min=x&rating=7",
        "/products/?rating=7&sort=zz&page=0",
        "/products/?category=..",
        "/suggestions/?q=%E8%8A%B1%E7%93%B6",
        "/suggestions/?q=abc",
    ],
)
def test_what_visitors_choose_freely_is_stored_when_it_is_asked_for_again(client, vase, address):
    assert [client.get(address).headers["X-Cache"] for _ in range(3)] == ["miss", "miss", "hit"]


class TestChosen:
    @pytest.mark.parametrize(
        ("query", "kept"),
        [
            (
                "brand=a&brand=b&brand=c&brand=d&brand=e&brand=f",
                "brand=a&brand=b&brand=c&brand=d&brand=e&brand=f",
            ),
            (
                "brand=a&brand=b&brand=c&brand=d&brand=e&brand=f&brand=g",
                "brand=a&brand=b&brand=c&brand=d&brand=e&brand=f&ignored=chosen",
            ),
            (
                "brand=a&brand=a&price_min=1&price_max=2&rating=4&in_stock=1&spec=a:b&spec=c:d",
                "brand=a&in_stock=1&price_max=2&price_min=1&rating=4&spec=a%3Ab&spec=c%3Ad",
            ),
            (
                "seller=s&brand=a&brand=b&price_max=2&rating=4&in_stock=1&spec=a:b&q=x&category=y&sort=name",
                "brand=a&brand=b&category=y&in_stock=1&price_max=2&q=x&rating=4&seller=s&sort=name&ignored=chosen",
            ),
        ],
    )
    def test_six_at_most_are_kept(self, query, kept):
        assert canonical(query).urlencode() == kept

    @settled(deadline=None, max_examples=50)
    @given(st.lists(st.sampled_from(VALUES), max_size=30))
    def test_canonical_form_is_its_own_and_short(self, values):
        once = canonical(urlencode(values))
        without = once.copy()
        without.pop("ignored", None)
        assert canonical(once.urlencode()) == without
        assert (
            len([name for name, found in once.lists() if name in ("seller", "brand", "spec") for _ in found])
            <= 6
        )

    def test_what_is_left_out_is_said(self, client, vase):
        query = "&".join(f"brand=b{n}" for n in range(7))
        assert "Six things can be chosen at once" in client.get(f"/products/?{query}").text
        assert "Six things" not in client.get("/products/?brand=b").text


class TestDepth:
    @pytest.fixture(autouse=True)
    def few_pages(self, monkeypatch, vase):
        monkeypatch.setattr("shop.browse.product_results.MOST_SHOWN", 24)
        for n in range(30):
            ProductFactory(seller=vase.seller, category=vase.category, brand="Kiln", title=f"Vase {n}")

    @pytest.mark.parametrize("query", ["brand=Kiln", "in_stock=1", "price_min=0", "in_stock=1&sort=name"])
    def test_narrowed_list_ends_and_says_so(self, client, query):
        first = client.get(f"/products/?{query}")
        assert "These are the first 24." in first.text
        assert "page=2" not in first.text
        assert client.get(f"/products/?{query}&page=2").status_code == 404

    @pytest.mark.parametrize("address", ["/products/?page=2", "/products/?page=2&sort=name"])
    def test_whole_list_goes_on(self, client, address):
        assert client.get(address).status_code == 200

    def test_whole_category_goes_on(self, client, vase):
        assert client.get(f"/categories/{vase.category.path}/?page=2").status_code == 200
