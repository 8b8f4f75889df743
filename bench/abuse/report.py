"""What attacks did before and do after, side by side, as a section of docs/benchmarks.md."""

from sections import table, write_section

HEAD = (
    *("attack", "page, p95", "through nginx", "/healthz, p95", "not answered", "hits, through nginx"),
    *("largest worker", "the attacker was answered"),
)
TEXT = """
## Attacks

One address sends ten requests a second, or holds connections, for ten seconds; a crowd of 3,000 addresses
sends thirty a second, for a hundred seconds. The server has two processes of four threads on PostgreSQL and
memcached. Meanwhile somebody else asks for a product page and for /healthz, ten times a second each, and
for pages that many ask for, of which the hits are counted; whoever waits longer than 10 s counts as 10 s.
Each attack meets a server that has just started. Clients, services and server share two cores.
`python bench/abuse.py` repeats it; `--tree` attacks another checkout, `--nginx` goes through nginx.
Figures with an arrow are of before and of after the limits on what is dear. Those of before come from a
machine that was busy with other work, as the row "nothing" shows.
"""


def write(before, after, behind_nginx):
    """Write the section from three lists of the facts of Results, matched by the names of their attacks."""
    former, proxied = ({facts["name"]: facts for facts in results} for results in (before, behind_nginx))
    rows = [row(former.get(facts["name"]), facts, proxied[facts["name"]]) for facts in after]
    write_section("abuse", f"{TEXT.strip()}\n\n{table(HEAD, rows)}\n\n{verdict(after + behind_nginx)}")


def row(before, after, proxied):
    return [
        after["name"],
        pair(before, after, "page_p95", "ms"),
        f"{proxied['page_p95']:,.0f} ms",
        pair(before, after, "quiet_p95", "ms"),
        pair(before, after, "failed", "").strip(),
        f"{proxied['hits']:.1%}",
        pair(before, after, "megabytes", "MB"),
        ", ".join(f"{count} × {status}" for status, count in sorted(after["answers"].items())) or "–",
    ]


def pair(before, after, name, unit):
    former = f"{before[name]:,.0f} → " if before else ""
    return f"{former}{after[name]:,.0f} {unit}"


def verdict(after):
    """Say which attacks are over the bounds."""
    worst = {facts["name"] for facts in after if facts["page_p95"] > 200 or facts["megabytes"] > 400}
    over = [name for name in dict.fromkeys(facts["name"] for facts in after) if name in worst]
    if not over:
        return "No attack takes the 95th percentile of a product page over 200 ms, or a worker over 400 MB."
    return "Over 200 ms for a product page, or 400 MB for a worker, after: " + "; ".join(over) + "."
