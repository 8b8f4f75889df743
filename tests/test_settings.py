import os
import subprocess
import sys
from datetime import datetime

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.formats import localize

from storefront.settings import shared_cache

PRODUCTION = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "shop.example", "DATABASE_URL": "sqlite:///:memory:"}
MEMCACHED = {"CACHE_URL": "memcached://127.0.0.1:11211"}


def check(*options, **environment):
    """Run manage.py check in production with some of the environment changed."""
    outside = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", *options],
        env=outside | PRODUCTION | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )


def test_production_starts_with_what_is_required():
    assert check().returncode == 0


@pytest.mark.parametrize("sent_to_https_by", ["SSL_REDIRECT", "TRUSTED_PROXIES"])
def test_check_for_deployment_has_nothing_to_say(sent_to_https_by):
    key = "".join(map(chr, range(48, 120)))
    checked = check(
        "--deploy", "--fail-level", "WARNING", SECRET_KEY=key, **{sent_to_https_by: "1"}, **MEMCACHED
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("environment", "is_warned"),
    [({}, True), ({"WORKERS": "1"}, False), ({"GRANIAN_WORKERS": "1"}, False), (MEMCACHED, False)],
)
def test_check_for_deployment_advises_processes_to_share_a_cache(environment, is_warned):
    assert ("caching.W001" in check("--deploy", **environment).stderr) is is_warned


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_what_is_required_stops_the_start_with_one_sentence(name):
    stopped = check(**{name: ""})
    assert stopped.returncode == 1
    assert stopped.stderr == f"Set {name} in the environment, or DEBUG=1 to develop.\n"


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("memcached://one:11211,two:11211", ["one:11211", "two:11211"]),
        ("memcached:///run/memcached.sock", ["unix:/run/memcached.sock"]),
    ],
)
def test_cache_url_names_servers_or_a_socket(url, location):
    assert shared_cache(url)["LOCATION"] == location


def test_unknown_cache_url_is_refused():
    with pytest.raises(ImproperlyConfigured, match="redis"):
        shared_cache("redis://localhost")


def test_dates_are_written_with_the_day_first_and_24_hours():
    assert localize(datetime(2026, 11, 28, 15, 4)) == "28 November 2026, 15:04"
