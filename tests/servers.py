"""Real servers beside a test, and the database that it has in common with them."""

from django.db import connections
from django.db.utils import ConnectionHandler


def started(service, stack):
    stack.callback(service.close)
    service.start()
    return service


def use_database(path, stack):
    """Let this process use a database in a file, as the server does."""
    kept = connections["default"]
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL;"}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
    connections["default"] = ConnectionHandler({"default": database})["default"]
    stack.callback(connections.__setitem__, "default", kept)
    stack.callback(connections["default"].close)
