import gc
import re

import hypothesis
import pytest
from django.core.files.storage import storages
from django.db import connection

from shop.browse import zero_results
from shop.caching import reads
from shop.caching.versions import is_clearing
from shop.import_export.models import Import

from .factories import MemberFactory, UserFactory
from .personal_pages import make_people, make_things
from .public_pages import empty_caches
from .services import skipped_for

# What fails is shown as it was found: making it smaller takes minutes (--hypothesis-profile default does).
AS_FOUND = set(hypothesis.Phase) - {hypothesis.Phase.shrink, hypothesis.Phase.explain}
hypothesis.settings.register_profile("tests", deadline=None, phases=AS_FOUND)
hypothesis.settings.load_profile("tests")


def pytest_addoption(parser):
    parser.addoption(
        "--precision", action="store_true", help="print which pages each write of test_precision.py renews"
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter, config):
    """Name in the last lines what the machine lacks, and how many tests were skipped for it."""
    yield
    if config.getoption("precision"):
        print_precision(terminalreporter)
    for service, count in sorted(skipped_for(terminalreporter.stats.get("skipped", [])).items()):
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"{service} is missing: {tests} skipped (make services installs it)")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show what a failed test wrote itself, not what its fixtures did; logs are in its stderr already."""
    report = yield
    report.sections = [
        (title, text)
        for title, text in report.sections
        if title.endswith(call.when) and not title.startswith("Captured log")
    ]
    return report


def print_precision(terminalreporter):
    """Print which pages each write of tests/test_precision.py has renewed, if those tests ran."""
    reports = [report for report in terminalreporter.stats.get("passed", []) if report.when == "call"]
    rows = {report.nodeid: dict(report.user_properties).get("renewed") for report in reports}
    for test, renewed in sorted(rows.items()):
        if renewed is not None:
            pages = ", ".join(renewed) or "nothing"
            terminalreporter.write_line(f"{test.partition('[')[2][:-1]:22} renews {pages}")


def pytest_collection_modifyitems(config, items):
    """Leave out what only the other database can be asked."""
    other = "sqlite" if connection.vendor == "postgresql" else "postgres"
    left_out = [item for item in items if item.get_closest_marker(other)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish(session):
    """Look for garbage seldom, and not among the modules, which takes a tenth off the tests' time."""
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """Keep SQLite in a file, where each thread of a server has a connection of its own, as in production."""
    if connection.vendor == "sqlite":
        # The name in pyproject.toml only says so early: there is never a file of that name.
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def clean_caches():
    yield
    empty_caches()


@pytest.fixture(autouse=True, scope="session")
def no_counting_beside():
    """Let no thread write into the database of another test; see shop.browse.zero_results.count_waiting()."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zero_results, "start_counting", lambda: None)
        yield


@pytest.fixture(autouse=True)
def media(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    private = settings.STORAGES["private"] | {"OPTIONS": {"location": str(tmp_path / "private")}}
    settings.STORAGES = settings.STORAGES | {"private": private}
    # Fields asked for their storage when the models were loaded.
    for name in ("table", "photos"):
        monkeypatch.setattr(Import._meta.get_field(name), "storage", storages["private"])


class RawWrites:
    """Notices SQL that writes what cached pages show outside a clearing() block."""

    def __init__(self):
        tables = "|".join(reads.covered_tables())
        self.write = re.compile(rf'(?:INSERT INTO|UPDATE|DELETE FROM) "?({tables})"?\b')
        self.seen = []

    def __call__(self, execute, sql, params, many, context):
        if self.write.match(sql) and not is_clearing():
            self.seen.append(sql)
        return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def no_raw_writes(request):
    """Fail a test in which SQL wrote a table that cached pages show, and no version with it."""
    writes = RawWrites()
    with connection.execute_wrapper(writes):
        yield writes
    if "raw_writes_are_expected" not in request.fixturenames:
        assert not writes.seen


@pytest.fixture
def raw_writes_are_expected(no_raw_writes):
    return no_raw_writes.seen


@pytest.fixture
def staff(db):
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def staff_client(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def people(db):
    return make_people()


@pytest.fixture
def things(people):
    return make_things(people)


@pytest.fixture
def member(db):
    return MemberFactory(email="ada@example.com", display_name="Ada")
