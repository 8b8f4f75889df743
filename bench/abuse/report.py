"""What attacks did before and do after, side by side, as a section of docs/benchmarks.md."""

from sections import table, write_section

HEAD = ("attack", "page, p95", "/healthz, p95", "not answered", "largest worker", "the attacker was answered")
TEXT = """
## Attacks

One address sends ten requests a second, or holds connections, for some seconds; the server has two
processes of four threads on PostgreSQL and memcached, and no proxy in front. Meanwhile somebody else asks
for a product page and for /healthz, ten times a second each; whoever waits longer than 10 s counts as 10 s.
Each attack meets a server that has just started. Other work ran on both cores all the while: the row
"nothing" says what that alone does. `python bench/abuse.py` repeats it; `--tree` attacks another checkout,
`--nginx` goes through nginx. Each figure is of before and of after the limits on what is dear; the answers
are of after.
"""


def write(before, after):
    """Write the section from two lists of the facts of Results, matched by the names of their attacks."""
    former = {facts["name"]: facts for facts in before}
    rows = [row(former.get(facts["name"]), facts) for facts in after]
    write_section("abuse", f"{TEXT.strip()}\n\n{table(HEAD, rows)}\n\n{verdict(after)}")


def row(before, after):
    return [
        after["name"],
        *(pair(before, after, name, unit) for name, unit in (("page_p95", "ms"), ("quiet_p95", "ms"))),
        pair(before, after, "failed", "").strip(),
        pair(before, after, "megabytes", "MB"),
        ", ".join(f"{count} × {status}" for status, count in sorted(after["answers"].items())) or "–",
    ]


def pair(before, after, name, unit):
    former = f"{before[name]:,.0f}" if before else "?"
    return f"{former} → {after[name]:,.0f} {unit}"


def verdict(after):
    """Say which attacks are over the bounds."""
    over = [facts["name"] for facts in after if facts["page_p95"] > 200 or facts["megabytes"] > 400]
    if not over:
        return "No attack takes the 95th percentile of a product page over 200 ms, or a worker over 400 MB."
    return "Over 200 ms for a product page, or 400 MB for a worker, after: " + "; ".join(over) + "."
