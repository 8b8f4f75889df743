"""Measure WSGI servers on two cores: requests a second, memory, and what a reload or a stop loses.

Run it as `python bench/wsgi.py` on a machine that does nothing else. The shop is the demo shop on SQLite,
with memcached. The client is wrk (`apt-get install wrk`), which shares the two cores with the server.
"""

import http.client
import signal
import statistics
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from freshness.services import Node, Server, manage
from sections import table, write_section
from servers import resident_megabytes
from speed import SECONDS, bench_environment, wrk

ROUNDS, CONNECTIONS = 5, 16
GZIP = {"Accept-Encoding": "gzip"}
HIT, RENDERED = "/products/low-light-candle/", "/bench/rendered/products/low-light-candle/"
GUNICORN = ("gunicorn", "storefront.wsgi", "--log-level", "warning", "--bind", "127.0.0.1:{port}")
GUNICORN += ("--workers", "{workers}", "--threads", "{threads}")
# Label, command, processes, threads of each.
SERVERS = [
    ("gunicorn sync", GUNICORN, 4, 1),
    ("gunicorn gthread", GUNICORN, 2, 4),
    ("granian", Server.GRANIAN, 2, 1),
    ("granian", Server.GRANIAN, 2, 4),
]


class Result(NamedTuple):
    hits: float
    renderings: float
    megabytes: float
    lost_by_reload: str
    lost_by_stop: str


def main():
    with tempfile.TemporaryDirectory() as name:
        node, folder = Node(), Path(name)
        node.start()
        try:
            environment = bench_environment(folder, node)
            manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
            manage(environment, "migrate", "--verbosity", "0")
            manage(environment, "loaddemo", "--password", "bench")
            results = {
                f"{label}, {workers} × {threads}": measure(
                    Server(folder, environment, workers, threads, command)
                )
                for label, command, workers, threads in SERVERS
            }
        finally:
            node.close()
    report(results)


def measure(server):
    server.start()
    try:
        hits, renderings = (
            statistics.median(wrk(server.port, path, GZIP, CONNECTIONS)[0] for _ in range(ROUNDS))
            for path in (HIT, RENDERED)
        )
        megabytes = resident_megabytes([server.process.pid, *server.worker_pids()])
        reload = lost(server, signal.SIGHUP, goes_on=True)
        stop = lost(server, signal.SIGTERM, goes_on=False)
    finally:
        server.close()
    return Result(hits, renderings, megabytes, reload, stop)


def lost(server, number, *, goes_on):
    """Return how many requests of how many are lost when a signal comes in their middle.

    A request counts once its connection was accepted and it was sent: whoever cannot connect to a
    server that has stopped was told so. Each has a connection of its own, as proxies use them.
    """
    outcomes, is_over = Counter(), threading.Event()
    clients = [threading.Thread(target=ask_on, args=(server.port, outcomes, is_over)) for _ in range(8)]
    for client in clients:
        client.start()
    time.sleep(1)
    server.process.send_signal(number)
    time.sleep(4)
    is_over.set()
    for client in clients:
        client.join()
    assert not goes_on or outcomes["refused"] == 0, outcomes
    return f"{outcomes['lost']} of {outcomes['answered'] + outcomes['lost']}"


def ask_on(port, outcomes, is_over):
    while not is_over.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.connect()
        except OSError:
            outcomes["refused"] += 1
            time.sleep(0.05)
            continue
        try:
            connection.request("GET", RENDERED, headers={"Connection": "close"})
            response = connection.getresponse()
            outcomes["answered" if response.status == 200 and response.read() else "lost"] += 1
        except (OSError, http.client.HTTPException):
            outcomes["lost"] += 1
        finally:
            connection.close()


HEAD = f"""## WSGI servers

Two cores for server, client (wrk, {CONNECTIONS} kept connections) and memcached; processes × threads;
medians of {ROUNDS} rounds of {SECONDS} s. Lost: requests that were sent and not answered when the server
was told to reload (SIGHUP) or to stop (SIGTERM) while eight clients ask for pages that are rendered.
"""


def report(results):
    lines = [
        (label, f"{row.hits:.0f}", f"{row.renderings:.0f}", f"{row.megabytes:.0f}", *row[3:])
        for label, row in results.items()
    ]
    head = ["", "hits a second", "renderings a second", "memory, MB", "lost by reload", "lost by stop"]
    text = f"{HEAD}\n{table(head, lines)}\n\nTo repeat: `python bench/wsgi.py`"
    print(text)
    write_section("wsgi", text)


if __name__ == "__main__":
    main()
