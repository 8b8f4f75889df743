"""Measure requests a second of the production server: hits against an empty view and Django's cache_page.

Run it as `python bench/speed.py` on a machine that does nothing else. The server has one core; the client,
memcached and PostgreSQL have the other. The client is wrk where it is installed (`apt-get install wrk`),
else a slower one in Python. PostgreSQL is left out where it is missing.
"""

import http.client
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from freshness.services import Database, Node, Server, find_program, manage
from sections import table, write_section
from servers import on_core, processor_seconds, started

SERVER_CORE, CLIENT_CORE = 0, 1
ROUNDS, SECONDS, CONNECTIONS = 5, 2, 4
SLUG = "low-light-candle"


class Row(NamedTuple):
    """What is asked for, how it is to be answered, and by which server: with a memory or without."""

    label: str
    path: str
    outcome: str | None = None
    has_memory: bool = True
    is_conditional: bool = False


ROWS = {
    "a": Row("an empty view", "/bench/empty/"),
    "b1": Row("hit, from the process's memory", f"/products/{SLUG}/", "hit"),
    "b2": Row("hit, from memcached", f"/products/{SLUG}/", "hit", has_memory=False),
    "c": Row("Django's `cache_page` on memcached", f"/bench/stock/products/{SLUG}/"),
    "c2": Row("the same, stored compressed (`gzip_page`)", f"/bench/stock-gzip/products/{SLUG}/"),
    "d": Row("rendered each time", f"/bench/rendered/products/{SLUG}/"),
    "e": Row("hit, answered 304", f"/products/{SLUG}/", "hit", is_conditional=True),
}


class Measured(NamedTuple):
    """Requests a second, and microseconds of the server's processor for each."""

    rate: float
    cost: float

    @classmethod
    def median(cls, values):
        return cls(*map(statistics.median, zip(*values, strict=True)))


def main():
    with tempfile.TemporaryDirectory() as name, started(Node(), CLIENT_CORE) as node:
        folder = Path(name)
        # PostgreSQL's folder is in it, and belongs to another user.
        folder.chmod(0o755)
        environment = bench_environment(folder, node)
        manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "loaddemo", "--password", "bench")
        results = {"SQLite": measure(environment, folder)}
        if has_postgresql():
            database = Database(folder)
            database.create()
            with started(database, CLIENT_CORE):
                results["PostgreSQL"] = measure(moved(environment, folder, database), folder)
    report(results)


def bench_environment(folder, node):
    return {
        "PYTHONPATH": str(Path(__file__).parent),
        "DJANGO_SETTINGS_MODULE": "bench_settings",
        "DEBUG": "0",
        "SECRET_KEY": "bench",
        "ALLOWED_HOSTS": "127.0.0.1",
        "RELEASE": "bench",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "CACHE_URL": f"memcached://{node.address}",
        "MEDIA_ROOT": f"{folder}/media",
        "STATIC_ROOT": f"{folder}/static",
    }


def has_postgresql():
    try:
        find_program("initdb")
    except FileNotFoundError:
        return False
    return True


def moved(environment, folder, database):
    """Copy the shop into another database, and return the environment in which it is used."""
    rows = f"{folder}/rows.json"
    manage(environment, "dumpdata", "accounts", "sellers", "catalogue", "--output", rows)
    environment = environment | {"DATABASE_URL": database.url, "RELEASE": "bench-2"}
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "loaddata", rows, "--verbosity", "0")
    return environment


def measure(environment, folder):
    """Return {key of a row: Measured}, the median of several rounds, and the size of the page in bytes."""
    rounds = {key: [] for key in ROWS}
    with ExitStack() as stack:
        servers = {}
        for has_memory, megabytes in ((True, "64"), (False, "0")):
            server = Server(folder, environment | {"BENCH_MEGABYTES": megabytes}, workers=1, threads=4)
            servers[has_memory] = stack.enter_context(started(server, SERVER_CORE))
        for _ in range(ROUNDS):
            for key, row in ROWS.items():
                rounds[key].append(measure_once(servers[row.has_memory], row))
                print(f"{row.label:42} {rounds[key][-1].rate:7.0f} /s {rounds[key][-1].cost:7.0f} µs")
        size = len(ask(servers[True].port, ROWS["d"].path, {}).body)
    return {key: Measured.median(values) for key, values in rounds.items()}, size


def measure_once(server, row):
    headers = warm(server.port, row)
    client = wrk if shutil.which("wrk") else python_client
    spent = processor_seconds(server.worker_pids())
    with on_core(CLIENT_CORE):
        rate, count = client(server.port, row.path, headers)
    return Measured(rate, (processor_seconds(server.worker_pids()) - spent) / count * 1e6)


def warm(port, row):
    """Ask until a row's page comes from where it should; return the headers to ask with."""
    headers = {"Accept-Encoding": "gzip"}
    for _ in range(8):
        answer = ask(port, row.path, headers)
        assert answer.status == 200, answer
    assert answer.headers["X-Cache"] == row.outcome, answer
    return headers | ({"If-None-Match": answer.headers["ETag"]} if row.is_conditional else {})


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(port, path, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    answer = Answer(response.status, response.headers, response.read())
    connection.close()
    return answer


def wrk(port, path, headers, connections=CONNECTIONS):
    """Return the requests a second, and how many in all."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{SECONDS}s"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    command.append(f"http://127.0.0.1:{port}{path}")
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in output and "Socket errors" not in output, output
    rate, count = (
        re.search(pattern, output)[1] for pattern in (r"Requests/sec:\s+(\S+)", r"(\d+) requests in")
    )
    return float(rate), int(count)


def python_client(port, path, headers):
    """Return the requests a second, and how many in all, of some threads with a connection each."""
    end, counts = time.monotonic() + SECONDS, []

    def ask_on():
        connection, count = http.client.HTTPConnection("127.0.0.1", port), 0
        while time.monotonic() < end:
            connection.request("GET", path, headers=headers)
            connection.getresponse().read()
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=ask_on) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS, sum(counts)


HEAD = """## Speed

A product page of {size:.0f} kB, asked for with `Accept-Encoding: gzip`; the server with one process of four
threads on one core, the client ({client}) on another; medians of {rounds} alternating rounds of {seconds} s.
All rows run behind the same middleware, on the same server. Processor: the server's own time for a request,
which other work on the machine disturbs less than requests a second.
"""
FOOT = "\nTo repeat: `python bench/speed.py`"
RATIOS = (
    ("b1", "a", "a hit from memory : an empty view"),
    ("b2", "a", "a hit from memcached : an empty view"),
    ("e", "a", "a 304 : an empty view"),
    ("b1", "c", "a hit from memory : Django's `cache_page`"),
    ("b2", "c", "a hit from memcached : Django's `cache_page`"),
    ("b2", "c2", "a hit from memcached : `cache_page` of what is compressed"),
    ("b1", "d", "a hit from memory : a rendering"),
)


def report(results):
    size = next(iter(results.values()))[1] / 1000
    client = "wrk" if shutil.which("wrk") else "in Python"
    text = [HEAD.format(size=size, client=client, rounds=ROUNDS, seconds=SECONDS)]
    for database, (measured, _) in results.items():
        text += [f"### On {database}\n", ratios(measured), "", rows(measured), ""]
    text = "\n".join([*text, FOOT])
    print(f"\n{text}")
    write_section("speed", text)


def ratios(measured):
    lines = []
    for one, other, label in RATIOS:
        by_rate = measured[one].rate / measured[other].rate
        by_cost = measured[other].cost / measured[one].cost
        lines.append((f"{label} ({one} : {other})", f"{by_rate:.2f}", f"{by_cost:.2f}"))
    return table(["how many times as fast", "requests a second", "processor"], lines)


def rows(measured):
    lines = [
        (f"{key}: {row.label}", f"{measured[key].rate:.0f}", f"{measured[key].cost:.0f}")
        for key, row in ROWS.items()
    ]
    return table(["", "requests a second", "processor, µs"], lines)


if __name__ == "__main__":
    main()
