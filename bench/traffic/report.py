"""What the clients got, as tables for docs/benchmarks.md."""

import statistics
from collections import Counter

from sections import table, write_section

from .clients import SHARES

# What follows a fault is counted as its own for so long.
SECONDS_AFTER = 30

HEAD = """## Load

{products:,} products; PostgreSQL, two nodes of memcached, the server ({workers} processes of {threads}
threads) and {clients} clients on two cores. 60 % product pages, 25 % lists and categories, 10 % searches,
5 % islands of somebody signed in; for each hundred one write (a form opened and sent). Popular things are
asked for more often; the clients never rest. Alone, cold: the median of what is rendered, or written, while
nobody else asks.

{requests:,} requests in {seconds} s: **{rate:.0f} a second**, {errors} without the answer that was asked for.
"""


def report(setting, seconds, alone, begun, answers, faults, memory):
    calm = [answer for answer in answers if answer.at < begun + seconds]
    head = HEAD.format(
        **setting,
        requests=len(calm),
        seconds=seconds,
        rate=len(calm) / seconds,
        errors=sum(not answer.is_good for answer in calm),
    )
    kinds = [*SHARES, "write"]
    latency = [["", "requests", "hits", "p50, ms", "p95, ms", "p99, ms", "alone, cold, ms"]]
    latency += [timing(kind, calm, alone) for kind in kinds]
    parts = [head, table(latency[0], latency[1:]), "\nWhile it lasts, and until all is well again:\n"]
    parts += [table(FAULT_HEAD, [told(fault, answers) for fault in faults])]
    parts += ["\nMemory of the processes, MB (what they share divided among them):\n", memory_table(memory)]
    parts += ["\nTo repeat: `python bench/load.py`"]
    print("\n".join(parts))
    print("\nnot as asked for:", Counter((a.kind, a.outcome) for a in calm if not a.is_good))
    write_section("load", "\n".join(parts))


COUNTED = ["answers", "last copies", "503", "broken off", "other errors"]
FAULT_HEAD = ["", *COUNTED, "longest wait, s", "all well after, s"]


def told(fault, answers):
    end = fault.ended + SECONDS_AFTER
    during = [answer for answer in answers if fault.begun <= answer.ended < end]
    bad = [answer for answer in during if not answer.is_good]
    counts = Counter(kind_of(answer.outcome) for answer in bad)
    copies = sum(answer.outcome == "stale" for answer in during)
    unwell = [answer.ended for answer in during if not answer.is_good or answer.outcome == "stale"]
    longest = max(answer.took for answer in during)
    well = max([fault.ended, *unwell]) - fault.ended
    columns = [len(during), copies, counts["503"], counts["broken"], counts["other"]]
    return [fault.name, *(f"{n:,}" for n in columns), f"{longest:.1f}", f"{well:.1f}"]


def kind_of(outcome):
    if outcome == "503":
        return "503"
    return "other" if outcome.isdigit() else "broken"


def timing(kind, calm, alone):
    answers = [answer for answer in calm if answer.kind == kind]
    took = [1000 * answer.took for answer in answers]
    cuts = statistics.quantiles(took, n=100)
    hits = f"{sum(a.outcome == 'hit' for a in answers) / len(answers):.1%}" if kind in SHARES else ""
    unhindered = statistics.median(1000 * a.took for a in alone if a.kind == kind and a.outcome != "hit")
    return [kind, f"{len(took):,}", hits, *(f"{cuts[n - 1]:.1f}" for n in (50, 95, 99)), f"{unhindered:.0f}"]


def memory_table(memory):
    names = list(memory[0][1])
    head = ["", *(f"after {seconds} s" for seconds, _ in memory)]
    return table(head, [[name, *(f"{found.get(name, 0):.0f}" for _, found in memory)] for name in names])
