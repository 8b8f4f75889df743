"""Measure how to reach PostgreSQL: connections kept by threads, psycopg's pool, a new one each time.

Run it as `python bench/connections.py` on a machine that does nothing else. The server has one core; the
client, memcached and PostgreSQL have the other. The client is wrk (`apt-get install wrk`).
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from freshness.services import Database, Node, Server, manage
from sections import table, write_section
from servers import started
from speed import CLIENT_CORE, ROUNDS, ROWS, SECONDS, SERVER_CORE, Measured, bench_environment, measure_once

# What BENCH_CONNECTIONS of bench_settings.py is set to.
WAYS = {
    "kept by each thread (`CONN_MAX_AGE`)": "",
    "pool, checked when taken": "pool",
    "pool, unchecked": "pool, unchecked",
    "new for each request": "new",
}
PAGES = {"hit": ROWS["b1"], "rendered": ROWS["d"]}


def main():
    with tempfile.TemporaryDirectory() as name, started(Node(), CLIENT_CORE) as node:
        folder = Path(name)
        # PostgreSQL's folder is in it, and belongs to another user.
        folder.chmod(0o755)
        database = Database(folder)
        database.create()
        with started(database, CLIENT_CORE):
            environment = bench_environment(folder, node) | {"DATABASE_URL": database.url}
            manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
            manage(environment, "migrate", "--verbosity", "0")
            manage(environment, "loaddemo", "--password", "bench")
            report(measure(environment, folder))


def measure(environment, folder):
    """Return {(way, page): Measured}, the median of several rounds that alternate between the ways."""
    rounds = {(way, page): [] for way in WAYS for page in PAGES}
    with ExitStack() as stack:
        servers = {}
        for way, setting in WAYS.items():
            server = Server(folder, environment | {"BENCH_CONNECTIONS": setting}, workers=1, threads=4)
            servers[way] = stack.enter_context(started(server, SERVER_CORE))
        for _ in range(ROUNDS):
            for way, page in rounds:
                rounds[way, page].append(measure_once(servers[way], PAGES[page]))
                print(f"{way:40} {page:10} {rounds[way, page][-1].rate:7.0f} /s")
    return {key: Measured.median(values) for key, values in rounds.items()}


HEAD = f"""## Connections to PostgreSQL

The server with one process of four threads on one core, the client and PostgreSQL (over TCP on this machine)
on another; medians of {ROUNDS} alternating rounds of {SECONDS} s. In production each thread keeps its own.
"""


def report(measured):
    lines = []
    for way in WAYS:
        hit, rendered = measured[way, "hit"], measured[way, "rendered"]
        lines.append((way, *(f"{value:.0f}" for value in (hit.rate, hit.cost, rendered.rate))))
    head = ["connections", "hits a second", "processor of a hit, µs", "renderings a second"]
    text = f"{HEAD}\n{table(head, lines)}\n\nTo repeat: `python bench/connections.py`"
    print(f"\n{text}")
    write_section("connections", text)


if __name__ == "__main__":
    main()
