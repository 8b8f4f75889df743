import shutil

import pytest

from tests.postgres import find_programs
from tests.services import require

from . import layout


@pytest.fixture(scope="session")
def shop():
    """The Layout, once for all tests of the group "deploy", which run in one process."""
    require("memcached", shutil.which("memcached"))
    require("PostgreSQL", find_programs())
    require("nginx", layout.find_nginx())
    with layout.running() as shop:
        yield shop
