"""Measure the production server under a load as in life, and what faults do to those who ask meanwhile.

Run it as `python bench/load.py` on a machine that does nothing else. PostgreSQL, two nodes of memcached,
the server and its clients share its cores. The clients ask as soon as they are answered, so the server
is as busy as it can be, and one request in a hundred is a write through a form of the admin.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

from freshness.faults import Fault, kill_node
from freshness.services import Database, Node, Server, manage, production
from servers import resident_megabytes
from traffic.clients import PASSWORD, SHARES, Client, ask
from traffic.report import SECONDS_AFTER, report

PRODUCTS, CLIENTS, WORKERS, THREADS = 2_000, 8, 2, 4
# So many requests of each kind, before anybody else asks.
ALONE = 20
SETTING = {"products": PRODUCTS, "clients": CLIENTS, "workers": WORKERS, "threads": THREADS}
processes = multiprocessing.get_context("fork")


def main():
    seconds = parsed_options().seconds
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        database, nodes = Database(folder), [Node(), Node()]
        server = Server(folder, production(database, nodes, folder), WORKERS, THREADS)
        try:
            goods = prepare(database, nodes, server, folder)
            clients = [Client(number, server.port, goods) for number in range(CLIENTS)]
            alone = ask_alone(clients[0])
            report(SETTING, seconds, alone, *measure(seconds, server, clients, planned(nodes, database)))
        finally:
            for service in (server, *nodes, database):
                service.close()


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="how long before the first fault")
    return parser.parse_args()


def prepare(database, nodes, server, folder):
    """Start all services with the demo shop made larger; return its products' facts."""
    database.create()
    for service in (database, *nodes):
        service.start()
    for command in (
        ["migrate", "--verbosity", "0"],
        ["collectstatic", "--no-input", "--verbosity", "0"],
        ["loaddemo", "--password", PASSWORD],
        ["-m", "peer.goods", str(folder / "goods.json"), str(PRODUCTS)],
    ):
        manage(server.environment, *command)
    server.start()
    return json.loads((folder / "goods.json").read_text())


def planned(nodes, database):
    return [
        Fault("both nodes of memcached killed, back empty after 10 s", lambda: kill_both(nodes)),
        Fault("database restarted", database.restart),
        Fault("database away for 10 s", lambda: stop(database)),
    ]


def kill_both(nodes):
    nodes[0].kill()
    kill_node(nodes[1], 10)
    nodes[0].start()


def stop(database):
    database.crash()
    time.sleep(10)
    database.start()


def ask_alone(client):
    """Return the Answers of one client whom nobody keeps waiting."""
    for _ in range(ALONE):
        client.write()
        for kind in SHARES:
            client.read(kind)
    answers, client.answers = client.answers, []
    return answers


def measure(seconds, server, clients, faults):
    """Return the Answers, the faults, and [(seconds, {process: megabytes})]."""
    begun = time.monotonic()
    crew = [start(ask, client) for client in clients]
    memory = []
    try:
        for share in (0.1, 0.5, 1):
            time.sleep(begun + seconds * share - time.monotonic())
            memory.append((round(seconds * share), megabytes(server)))
        for fault in faults:
            fault.begun = time.monotonic()
            fault.does()
            fault.ended = time.monotonic()
            time.sleep(SECONDS_AFTER)
        memory.append((round(time.monotonic() - begun), megabytes(server)))
        for mine, _ in crew:
            mine.send("enough")
        answers = [answer for mine, _ in crew for answer in mine.recv()]
    finally:
        for _, process in crew:
            process.kill()
    return begun, answers, faults, memory


def megabytes(server):
    pids = {"parent": server.process.pid}
    pids |= {f"worker {number}": pid for number, pid in enumerate(sorted(server.worker_pids()), start=1)}
    return {name: resident_megabytes([pid]) for name, pid in pids.items()}


def start(target, *arguments):
    mine, theirs = processes.Pipe()
    process = processes.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    return mine, process


if __name__ == "__main__":
    sys.exit(main())
