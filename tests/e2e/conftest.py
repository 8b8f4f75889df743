import shutil
import sqlite3

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client

from shop.sellers.models import Seller
from tests.chromium import PATIENCE, chromium, watch
from tests.factories import MemberFactory
from tests.stocked import stock_the_shop


@pytest.fixture(scope="package")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def copy_of_shop(tmp_path_factory):
    return CopyOfShop(tmp_path_factory.mktemp("media"))


@pytest.fixture
def shop(transactional_db, copy_of_shop):
    copy_of_shop.restore()


class CopyOfShop:
    """The stocked shop as SQLite had it the first time: to copy it is 50 times quicker than to stock it."""

    def __init__(self, media):
        self.database, self.media = None, media

    def restore(self):
        connection.ensure_connection()
        if self.database is None:
            stock_the_shop()
            self.database = sqlite3.connect(":memory:")
            connection.connection.backup(self.database)
            shutil.copytree(settings.MEDIA_ROOT, self.media, dirs_exist_ok=True)
        else:
            self.database.backup(connection.connection)
            shutil.copytree(self.media, settings.MEDIA_ROOT)
            ContentType.objects.clear_cache()


@pytest.fixture
def complaints():
    """What the browser found wrong; a test that expects some of it takes it out."""
    found = []
    yield found
    assert found == []


@pytest.fixture
def open_page(browser, live_server, shop, complaints):
    """Return a function that opens a page in a browser of its own, with Playwright's context options."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watch(page, complaints)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def page_without_scripts(open_page):
    return open_page(java_script_enabled=False)


@pytest.fixture
def open_as_seller(open_page, live_server, settings):
    """Return a function that opens a page in the browser of the seller Kiln."""
    settings.PRODUCTS_NEED_APPROVAL = False
    Seller.objects.filter(slug="kiln").update(user=MemberFactory())
    client = Client()
    client.force_login(Seller.objects.get(slug="kiln").user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}

    def open_as_seller(**options):
        page = open_page(reduced_motion="reduce", **options)
        page.context.add_cookies([cookie])
        return page

    return open_as_seller
