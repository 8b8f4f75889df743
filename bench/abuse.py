"""Attack the production server from one address, and see what others are answered meanwhile.

Run it as `python bench/abuse.py`; `--tree` attacks another checkout, for before and after. Each attack of
abuse/attacks.py meets a server that has just started: two processes of four threads on PostgreSQL and
memcached, with nginx in front (`--nginx`) or without. Somebody else asks for a product page and for
/healthz ten times a second, and the largest worker is watched. Everything is on this machine.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from abuse import report  # noqa: E402
from abuse.attacks import ATTACKS  # noqa: E402
from abuse.runner import Result, run  # noqa: E402
from abuse.shop import Shop  # noqa: E402
from sections import table  # noqa: E402


def main():
    options = parsed()
    if options.report:
        return report.write(*(json.loads(file.read_text()) for file in options.report))
    chosen = [attack for attack in ATTACKS if not options.only or attack.name in options.only]
    results = []
    with tempfile.TemporaryDirectory(prefix="abuse-") as folder:
        Path(folder).chmod(0o755)
        with Shop(Path(folder), options.tree.resolve(), options.nginx) as shop:
            for attack in chosen:
                results.append(run(shop, attack, options.seconds))
                print(results[-1].line, flush=True)
    print(table(Result.HEAD, [result.row for result in results]))
    facts = [result.facts for result in results]
    if options.output:
        options.output.write_text(json.dumps(facts, indent=1))


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tree", type=Path, default=ROOT, help="the checkout that is attacked")
    parser.add_argument("--nginx", action="store_true", help="attack it through nginx")
    parser.add_argument("--seconds", type=float, default=20, help="how long each attack goes on")
    parser.add_argument("--only", nargs="*", help="names of attacks")
    parser.add_argument("--output", type=Path, help="a JSON file for the results")
    parser.add_argument(
        "--report",
        nargs=3,
        type=Path,
        metavar=("BEFORE", "AFTER", "NGINX"),
        help="attack nothing, and write docs/benchmarks.md from such files",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
