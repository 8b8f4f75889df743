"""The report: what readers and writers counted, added up and printed."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from . import subjects
from .readers import DECISIVE_SECONDS

KINDS = ("home", "list", "fragment", "search", "category", "seller", "detail", "reviews", "related", "feed")
SLOT_NAMES = [
    (subjects.VERDICT, "verdict on a review of product"),
    (subjects.REPLY, "reply to a review of product"),
    (subjects.CATEGORY, "name of category"),
    (subjects.SELLER, "name of seller"),
    (subjects.STATE, "state of product"),
    (subjects.PRICE, "price of product"),
    (subjects.TITLE, "title of product"),
]


@dataclass
class Report:
    """The results of a run: tallies of readers, writes of writers, faults that happened."""

    tallies: list
    writes: list
    faults: list
    seconds: float

    def total(self, name):
        return sum((getattr(tally, name) for tally in self.tallies), Counter())

    def total_writes(self, name):
        return sum((getattr(writes, name) for writes in self.writes), Counter())

    @property
    def stale(self):
        return self.total("stale").total()

    @property
    def untimely_last_copies(self):
        """How many last copies were answered while the database was there."""
        return sum(
            count for fault, count in self.total("last_copies").items() if not self.concerns_database(fault)
        )

    @property
    def is_good(self):
        return not self.stale and not self.untimely_last_copies

    def concerns_database(self, fault):
        return fault > 0 and self.faults[fault - 1].concerns_database

    def name_of_fault(self, number):
        return self.faults[number - 1].name if number else "no fault"

    def by_second(self):
        seconds = defaultdict(Counter)
        for tally in self.tallies:
            for second, counts in tally.by_second.items():
                seconds[second].update(counts)
        return dict(sorted(seconds.items()))


def print_report(report):
    print_reads(report)
    print_times(report)
    print_writes(report)
    print_kinds(report)
    print_faults(report)
    print_samples(report)


def print_reads(report):
    reads, hits = report.total("reads").total(), report.total("hits").total()
    print(f"checked reads    {reads:10,}   in {report.seconds:.0f} s: {reads / report.seconds:,.0f} a second")
    print(f"hits             {hits:10,}   {share(hits, reads)}")
    print(f"versions in them {report.total('compared').total():10,}   each compared with the newest known")
    decisive = report.total("decisive").total()
    print(
        f"decisive reads   {decisive:10,}   at most {DECISIVE_SECONDS:.0f} s after a write to what they show"
    )
    print(f"last copies      {report.total('last_copies').total():10,}   not counted above")
    if edge := report.total("edge"):
        print(
            "at the edge                   " + ", ".join(f"{share(edge[how], reads)} {how}" for how in edge)
        )
    print(f"stale reads      {report.stale:10,}   {share(report.stale, reads)}")


def print_times(report):
    for label, name in (("hit", "hit_times"), ("rendered", "miss_times")):
        times = sorted(time for tally in report.tallies for time in getattr(tally, name))
        if times:
            middle, late = times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000
            print(f"time of a {label:10} p50 {middle:6.2f} ms, p99 {late:7.2f} ms")


def print_writes(report):
    answered, unknown = report.total_writes("answered"), report.total_writes("unknown")
    kinds = ", ".join(f"{count} {kind}" for kind, count in answered.most_common())
    times = sorted(time for writes in report.writes for time in writes.times)
    middle = times[len(times) // 2] * 1000 if times else 0
    print(f"writes           {answered.total():10,}   {kinds}; p50 {middle:.0f} ms")
    print(f"unknown writes   {unknown.total():10,}   their answer was lost")
    for writes in report.writes:
        for refused in writes.refused[:3]:
            print(f"  refused: {refused}")


def print_kinds(report):
    reads, hits, decisive, stale = (report.total(name) for name in ("reads", "hits", "decisive", "stale"))
    renderings, different = report.total("misses"), editions(report)
    heading = ("page", "reads", "hits", "decisive", "stale", "rendered", "editions", "ratio")
    print("\n" + "{:10}{:>10}{:>8}{:>10}{:>7}{:>10}{:>9}{:>7}".format(*heading))
    for kind in KINDS:
        ratio = renderings[kind] / different[kind] if different[kind] else 0
        print(
            f"{kind:10}{reads[kind]:10,}{share(hits[kind], reads[kind]):>8}{decisive[kind]:10,}"
            f"{stale[kind]:7,}{renderings[kind]:10,}{different[kind]:9,}{ratio:7.2f}"
        )


def editions(report):
    """Return how many different pages were seen of each kind, counting each change of each address."""
    seen = defaultdict(set)
    for tally in report.tallies:
        for page, tags in tally.editions.items():
            seen[page] |= tags
    counts = Counter()
    for page, tags in seen.items():
        counts[page.kind] += len(tags)
    return counts


def print_faults(report):
    failures, copies, unknown = (
        grouped(report.total("failures")),
        report.total("last_copies"),
        grouped(sum((writes.unknown + writes.unsent for writes in report.writes), Counter())),
    )
    print("\nduring                                             last copies   failed reads; failed writes")
    for number in range(len(report.faults) + 1):
        reads, writes = describe(failures[number]), describe(unknown[number])
        print(f"{report.name_of_fault(number):52}{copies[number]:10,}   {reads}; {writes}")
    if report.untimely_last_copies:
        print(f"{report.untimely_last_copies} last copies were answered although the database was there")


def grouped(counts):
    """Return {fault: {what: count}} of {(fault, what): count}."""
    groups = defaultdict(Counter)
    for (fault, what), count in counts.items():
        groups[fault][what] += count
    return groups


def describe(counts):
    return ", ".join(f"{count} × {what}" for what, count in counts.most_common()) or "none"


def print_samples(report):
    samples = sorted(sample for tally in report.tallies for sample in tally.samples)
    for when, url, kind, outcome, faults in samples[:8]:
        print(f"\nstale at {when:.3f} s: {url} ({kind}, {outcome})")
        for slot, version, known, age in faults[:4]:
            shown = "is in the wrong place" if version is None else f"shows version {version}"
            print(f"  {name_of_slot(slot)} {shown}, but {known} was answered {age:.3f} s before")


def name_of_slot(slot):
    return next(f"{name} {slot - first}" for first, name in SLOT_NAMES if slot >= first)


def share(part, whole):
    return f"{100 * part / whole:.2f} %" if whole else "–"
