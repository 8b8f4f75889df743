"""Ask Lighthouse about pages of the demo shop on the production server: python -m tests.lighthouse.

A page that misses the least score is asked about again: the machine may have been busy. The exit
code is 1 if it misses each time. Its programs are those of package-lock.json: `make lighthouse`.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from bench.freshness.services import Server, manage
from tests.services import CHROMIUM_ARGUMENTS, find_chromium

PAGES = {"home": "/", "category": "/categories/tableware/", "product": "/products/low-light-candle/"}
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
FORMS = {"phone": [], "desktop": ["--preset=desktop"]}
TRIES = 3
# On a busy machine Lighthouse often finds no beginning in its trace, and asks to be run again.
FAILURES = 10
LIGHTHOUSE = Path(__file__).parent / "node_modules" / ".bin" / "lighthouse"


def main():
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as url:
        missed = [
            f"{page} on a {form}: {missing}"
            for page, path in PAGES.items()
            for form, options in FORMS.items()
            if (missing := missed_by(f"{page} on a {form}", url + path, options))
        ]
    return "\n".join(missed) or None  # An empty text would be an exit code of 1.


@contextmanager
def served(folder):
    """Yield the address of the demo shop on a server with a database of its own."""
    environment = {
        "DEBUG": "0",
        "SECRET_KEY": "for-this-run-only",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "CACHE_URL": "locmem://",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "DJANGO_SETTINGS_MODULE": "storefront.settings",
    }
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    manage(environment, "loaddemo", "--password", "for-this-run-only")
    server = Server(folder, environment, workers=1, threads=4)
    try:
        server.start()
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.close()


def missed_by(label, url, options):
    """Print a page's scores, and return the audits by which it fell short at the last try."""
    for _ in range(TRIES):
        report = lighthouse(url, options)
        scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in LEAST}
        print(f"{label:20}", "  ".join(f"{name} {score:3}" for name, score in scores.items()), flush=True)
        low = [name for name in LEAST if scores[name] < LEAST[name]]
        if not low:
            return []
    return sorted({title for name in low for title in imperfect(report, name)})


def lighthouse(url, options):
    """Return Lighthouse's report; raise RuntimeError if it fails again and again."""
    chromium = " ".join(["--headless", *CHROMIUM_ARGUMENTS])
    command = [LIGHTHOUSE, url, "--quiet", "--output=json", f"--chrome-flags={chromium}", *options]
    command.append(f"--only-categories={','.join(LEAST)}")
    environment = os.environ | {"CHROME_PATH": find_chromium() or ""}
    for _ in range(FAILURES):
        run = subprocess.run(command, stdout=subprocess.PIPE, env=environment)
        if run.returncode == 0:
            return json.loads(run.stdout)
    raise RuntimeError(f"Lighthouse failed {FAILURES} times")


def imperfect(report, category):
    weighed = [ref["id"] for ref in report["categories"][category]["auditRefs"] if ref["weight"]]
    audits = [report["audits"][name] for name in weighed]
    return [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 1]


if __name__ == "__main__":
    sys.exit(main())
