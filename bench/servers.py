"""What benchmarks need of servers beyond starting them: a core of their own, and what they used of it."""

import os
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def on_core(number):
    """Start processes on one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {number})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def started(service, core):
    with on_core(core):
        service.start()
    try:
        yield service
    finally:
        service.close()


def processor_seconds(pids):
    """Return what processes have used so far, in steps of a hundredth."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(field[11]) + int(field[12]) for field in fields) / TICKS


def resident_megabytes(pids):
    """Return the memory of processes, what they share divided among them."""
    lines = [Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() for pid in pids]
    return sum(int(line.split()[1]) for rollup in lines for line in rollup if line.startswith("Pss:")) / 1024
