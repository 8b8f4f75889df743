import pytest
from django.core.cache import caches

from .factories import UserFactory
from .services import skipped_for


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter):
    """Name in the last lines what the machine lacks, and how many tests were skipped for it."""
    yield
    for service, count in sorted(skipped_for(terminalreporter.stats.get("skipped", [])).items()):
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"{service} is missing: {tests} skipped (make services installs it)")


@pytest.fixture(autouse=True)
def clean_caches():
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def staff(db):
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def staff_client(client, staff):
    client.force_login(staff)
    return client
