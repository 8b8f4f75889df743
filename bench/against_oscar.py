"""Measure requests a second of this shop and of django-oscar: the same 200 products, the same server.

Run it as `python bench/against_oscar.py PYTHON` on a machine that does nothing else. PYTHON is that of an
environment of its own: `pip install "django-oscar[sorl-thumbnail]" granian pymemcache psycopg[binary]`.
Each server has one process of four threads on one core; the client (wrk), memcached and PostgreSQL have
the other.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from freshness.services import Database, Node, Server, manage
from sections import table, write_section
from servers import on_core, started
from speed import CLIENT_CORE, SECONDS, SERVER_CORE, ask, bench_environment, wrk

ROUNDS, PRODUCTS = 5, 200
GZIP = {"Accept-Encoding": "gzip"}


def main(python):
    with tempfile.TemporaryDirectory() as name, started(Node(), CLIENT_CORE) as node, ExitStack() as stack:
        folder = Path(name)
        # PostgreSQL's folders are in it, and belong to another user.
        folder.chmod(0o755)
        goods, home = folder / "goods.json", folder / "peer"
        home.mkdir(mode=0o755)
        ours = bench_environment(folder, node) | {"DATABASE_URL": database(folder, stack).url}
        seed_ours(ours, goods)
        theirs = peer_environment(home, node, database(home, stack))
        product = seed_peer(python, theirs, goods)
        shops = {
            "this shop": (
                stack.enter_context(started(Server(folder, ours, workers=1, threads=4), SERVER_CORE)),
                {"list": "/products/", "product": "/products/low-light-candle/"},
            ),
            "django-oscar": (
                stack.enter_context(started(peer_server(python, folder, theirs), SERVER_CORE)),
                {"list": "/catalogue/", "product": product},
            ),
        }
        report({label: measure(*shop) for label, shop in shops.items()}, version(python))


def database(folder, stack):
    new = Database(folder)
    new.create()
    return stack.enter_context(started(new, CLIENT_CORE))


def seed_ours(environment, goods):
    manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "loaddemo", "--password", "bench")
    manage(environment, "-m", "peer.goods", str(goods), str(PRODUCTS))


def peer_environment(home, node, database):
    return {
        "PYTHONPATH": str(Path(__file__).parent),
        "DJANGO_SETTINGS_MODULE": "peer.oscar_settings",
        "PEER_DATABASE_PORT": str(database.port),
        "PEER_MEMCACHED": node.address,
        "PEER_MEDIA": str(home / "media"),
        "PEER_STATIC": str(home / "static"),
    }


def seed_peer(python, environment, goods):
    """Return the address of a product."""

    def run(*arguments):
        command = [python, "-m", *arguments]
        output = subprocess.PIPE
        return subprocess.run(command, check=True, env=os.environ | environment, stdout=output, text=True)

    run("django", "migrate", "--verbosity", "0")
    run("django", "collectstatic", "--no-input", "--verbosity", "0")
    return run("peer.oscar_seed", str(goods)).stdout.strip()


def peer_server(python, folder, environment):
    command = (
        "peer.oscar_wsgi:application" if part.startswith("storefront") else part for part in Server.GRANIAN
    )
    return Server(folder, environment, 1, 4, command, python)


def version(python):
    script = "import importlib.metadata as m; print(m.version('django-oscar'))"
    return subprocess.check_output([python, "-c", script], text=True).strip()


def measure(server, addresses):
    """Return {page: {way: requests a second}}; only this shop has pages that are not rendered."""
    ways = {"as visitors get it": "{}"}
    if server.environment["DJANGO_SETTINGS_MODULE"] == "bench_settings":
        ways["rendered each time"] = "/bench/rendered{}"
    return {
        (page, way): rate(server.port, pattern.format(address))
        for page, address in addresses.items()
        for way, pattern in ways.items()
    }


def rate(port, address):
    for _ in range(8):
        answer = ask(port, address, GZIP)
        assert answer.status == 200, answer
    with on_core(CLIENT_CORE):
        return statistics.median(wrk(port, address, GZIP)[0] for _ in range(ROUNDS))


HEAD = """## Against django-oscar

django-oscar {version} as its documentation sets it up for production, and this shop: the same 200 products
with their photos, PostgreSQL, memcached, granian with one process of four threads on one core, all else
on the other; requests a second, medians of {rounds} rounds of {seconds} s. django-oscar renders each page for
each visitor, so it has no other way. A list has 20 products there and 24 here.
"""


def report(results, version):
    ours, theirs = results.values()
    lines = [
        (
            page,
            way,
            f"{speed:.0f}",
            f"{(peer := theirs[page, 'as visitors get it']):.1f}",
            f"{speed / peer:.1f}",
        )
        for (page, way), speed in ours.items()
    ]
    text = HEAD.format(version=version, rounds=ROUNDS, seconds=SECONDS)
    text += "\n" + table(["page", "this shop's way", "this shop", "django-oscar", "ratio"], lines)
    text += (
        "\n\nTo repeat: `python bench/against_oscar.py PYTHON`, with the Python of an environment that has it"
    )
    print(text)
    write_section("oscar", text)


if __name__ == "__main__":
    main(*sys.argv[1:])
