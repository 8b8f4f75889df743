import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import count
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

LOCATION = re.compile(r"<loc>(.*?)</loc>")


class Command(BaseCommand):
    help = "Request every page of a running server's sitemap, so that visitors find them in the cache."

    def add_arguments(self, parser):
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="the server")
        parser.add_argument("--rate", type=float, default=20, help="pages a second, at most")
        parser.add_argument("--jobs", type=int, default=4, help="pages at once")

    def handle(self, *, url, rate, jobs, **options):
        if rate <= 0 or jobs <= 0:
            raise CommandError("--rate and --jobs must be more than 0.")
        self.base = url.rstrip("/")
        pages = [page for section in self.locations("/sitemap.xml") for page in self.locations(section)]
        self.start, self.rate = time.monotonic(), rate
        with ThreadPoolExecutor(jobs) as pool:
            outcomes = list(self.progress(pool.map(self.warm, count(), pages), len(pages)))
        counts = {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}
        self.stdout.write(f"{len(pages)} pages: " + ", ".join(f"{n} {name}" for name, n in counts.items()))

    def locations(self, path):
        """Return the paths in a sitemap or an index of sitemaps."""
        try:
            with self.open(path) as response:
                locations = LOCATION.findall(response.read().decode())
        except URLError as error:
            raise CommandError(f"{self.base}{path}: {error}") from error
        split = [urlsplit(unescape(location)) for location in locations]
        return [part.path + (f"?{part.query}" if part.query else "") for part in split]

    def warm(self, number, path):
        """Request a page when its time has come; return its X-Cache, or the error."""
        time.sleep(max(0, self.start + number / self.rate - time.monotonic()))
        try:
            with self.open(path) as response:
                response.read()
                return response.headers.get("X-Cache", "not cached")
        except URLError as error:
            return str(error)

    def open(self, path):
        return urlopen(self.base + path, timeout=30)  # noqa: S310

    def progress(self, outcomes, total):
        if sys.stderr.isatty():
            yield from tqdm(outcomes, "Warming", total, unit="page")
            return
        for done, outcome in enumerate(outcomes, 1):
            yield outcome
            if done % 100 == 0:
                self.stdout.write(f"{done} of {total} pages")
