"""Faults on a schedule: of the cache's nodes, the server's workers and the database."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

# What a fault leaves behind is counted as its own for so long.
SECONDS_AFTER = 2.0
KILLS = 6
random = random.Random(1)


@dataclass
class Fault:
    """Something that is done to the services; begun and ended are seconds since the start."""

    name: str
    does: Callable
    concerns_database: bool = False
    begun: float = 0
    ended: float = 0


def schedule(database, nodes, server, ledger):
    """Return the faults in order."""
    first, second = nodes
    return [
        Fault("cache node killed, back empty after 3 s", lambda: kill_node(first, 3)),
        Fault("cache node stands still for 5 s", lambda: pause_node(second, 5)),
        Fault("cache node away for 10 s, back with old entries", lambda: pause_node(first, 10)),
        Fault("six workers killed in the middle of writes", lambda: kill_workers(server, ledger)),
        Fault("database restarted", database.restart, concerns_database=True),
        Fault("database crashes, back after 3 s", lambda: crash(database, 3), concerns_database=True),
        Fault("six workers killed again", lambda: kill_workers(server, ledger)),
        Fault("database restarted again", database.restart, concerns_database=True),
    ]


def run(faults, seconds, ledger):
    """Let the faults happen, spread over so many seconds."""
    gap = max(2.0, (seconds - 60) / (len(faults) + 1))
    for number, fault in enumerate(faults, start=1):
        time.sleep(gap)
        fault.begun = time.monotonic() - ledger.begun_at
        ledger.fault.value = number
        print(f"{fault.begun:6.0f} s  {sum(ledger.reads):9,} reads  {fault.name}", flush=True)
        fault.does()
        time.sleep(SECONDS_AFTER)
        fault.ended = time.monotonic() - ledger.begun_at
        ledger.fault.value = 0


def kill_node(node, seconds):
    node.kill()
    time.sleep(seconds)
    node.start()


def pause_node(node, seconds):
    node.pause()
    time.sleep(seconds)
    node.resume()


def kill_workers(server, ledger):
    for _ in range(KILLS):
        wait_for_write(ledger)
        # The oldest: over a worker that dies twice within seconds granian gives up and leaves it to systemd.
        if pids := server.worker_pids():
            os.kill(pids[0], signal.SIGKILL)
        # Time to start another, so that somebody still listens when the next is killed.
        time.sleep(4)


def wait_for_write(ledger):
    """Return in the middle of some write, or after three seconds without one."""
    deadline = time.monotonic() + 3
    while not any(ledger.is_writing) and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(random.random() * 0.06)


def crash(database, seconds):
    database.crash()
    time.sleep(seconds)
    database.start()
