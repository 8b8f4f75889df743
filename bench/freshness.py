"""Prove by measurement that no read is stale: the production server under writes, reads and faults.

Readers note what was answered before they ask, and compare it with what they get. The exit code is 1
if a read was stale. With --wrong the server deletes pages after the commit, which is the usual advice.
"""

import argparse
import multiprocessing
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path

from freshness import faults, plot, readers, writers
from freshness.ledger import Ledger
from freshness.report import Report, print_report
from freshness.services import Database, Edge, Node, Server, manage, production

WORKERS, THREADS, WRITERS = 2, 4, 3
# A run that has not checked enough reads goes on for so many times as long at most.
PATIENCE = 5
# What differs between lines of the log that say the same.
VARYING = re.compile(r"\[?\d{4}-\d\d-\d\d [\d:,. +]+\]?|pid:? ?\d+|\[\d+\]")
processes = multiprocessing.get_context("fork")


def main():
    options = parsed_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with services() as (database, nodes, environment, folder):
        environment |= {"DJANGO_SETTINGS_MODULE": "freshness.wrong_settings"} if options.wrong else {}
        edge = None if options.edge is None else Edge(folder, options.edge)
        environment |= edge.settings if edge else {}
        server = Server(folder, environment, WORKERS, THREADS)
        with ExitStack() as stack:
            stack.callback(server.close)
            server.start()
            if edge:
                stack.callback(edge.close)
                edge.start(server.port)
            ledger = Ledger(options.readers, WRITERS)
            planned = [] if options.no_faults else faults.schedule(database, nodes, server, ledger)
            report = measure(options, ledger, server.port, edge, planned)
        print_report(report)
        print_log(server.log_path)
        if options.log:
            shutil.copy(server.log_path, options.log)
    if options.plot:
        plot.draw(
            report, options.plot, "Delete after commit" if options.wrong else "Versions in the database"
        )
    return 0 if report.is_good else 1


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=240)
    parser.add_argument("--reads", type=int, default=300_000, help="go on until so many are checked")
    parser.add_argument("--readers", type=int, default=6)
    parser.add_argument("--no-faults", action="store_true")
    parser.add_argument("--wrong", action="store_true", help="delete pages after the commit instead")
    parser.add_argument(
        "--edge",
        type=int,
        nargs="?",
        const=0,
        metavar="SECONDS",
        help="let readers ask Varnish, which may answer so many seconds (0) without asking the server",
    )
    parser.add_argument("--log", type=Path, help="a file for the log of the server")
    parser.add_argument("--plot", type=Path, help="an SVG file to write")
    return parser.parse_args()


@contextmanager
def services():
    """Yield database, nodes, environment and folder of a shop that is ready to be served."""
    with tempfile.TemporaryDirectory(prefix="freshness-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        database, nodes = Database(folder), [Node(), Node()]
        for service in (database, *nodes):
            stack.callback(service.close)
        database.create()
        for service in (database, *nodes):
            service.start()
        environment = production(database, nodes, folder)
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
        manage(environment, "-m", "freshness.seed")
        yield database, nodes, environment, folder


def measure(options, ledger, port, edge, planned):
    """Run readers and writers until time is up and enough is read; return the Report."""
    asked = edge.port if edge else port
    crew = [start(readers.read, ledger, number, asked) for number in range(options.readers)] + [
        start(writers.write, ledger, number, WRITERS, port) for number in range(WRITERS)
    ]
    try:
        faults.run(planned, options.seconds, ledger)
        wait(options, ledger)
        ledger.is_over.value = 1
        seconds = time.monotonic() - ledger.begun_at
        results = [connection.recv() for _, connection in crew]
    finally:
        for process, _ in crew:
            process.kill()
    return Report(results[: options.readers], results[options.readers :], planned, seconds)


def start(target, *arguments):
    mine, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    # With our copy closed, a child that died is an end of file and not a wait for ever.
    theirs.close()
    return process, mine


def wait(options, ledger):
    latest = ledger.begun_at + options.seconds * PATIENCE
    while time.monotonic() < latest:
        if ledger.second() >= options.seconds and sum(ledger.reads) >= options.reads:
            return
        time.sleep(0.2)


def print_log(path):
    """Print what the server complained of: each kind of line once, without its time."""
    log = path.read_text().splitlines()
    lines = Counter(VARYING.sub("", line) for line in log if line.strip() and not line[0].isspace())
    print("\nlog of the server:" if lines else "\nlog of the server: empty")
    for line, count in lines.most_common(20):
        print(f"{count:6,} × {line[:200]}")


if __name__ == "__main__":
    sys.exit(main())
