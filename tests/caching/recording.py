"""Record what the code does in the words of the explorer's models."""

from contextlib import contextmanager
from functools import partial
from itertools import groupby

from django.core.cache import caches
from django.db import connection

from shop.caching.models import Version

from .steps import ADD, COMMIT, DELETE, FIND, GET, READ_ROWS, READ_VERSIONS, SET, WRITE_ROWS, WRITE_VERSIONS


@contextmanager
def recorded_steps(monkeypatch):
    """Record the steps of this process in the database, the page cache, and taking turns."""
    steps = []
    methods = {"dependencies": (GET, SET), "pages": (GET, SET), "shared": (ADD, DELETE)}
    for cache, step in [(caches[alias], step) for alias in methods for step in methods[alias]]:
        monkeypatch.setattr(cache, step, recording(steps, step, getattr(cache, step)))
    with connection.execute_wrapper(partial(record_sql, steps)):
        yield steps


def recording(steps, step, method):
    def call(*args, **kwargs):
        steps.append(step)
        return method(*args, **kwargs)

    return call


def record_sql(steps, execute, sql, params, many, context):
    steps.append(step_of(sql))
    return execute(sql, params, many, context)


def step_of(sql):
    is_versions = Version._meta.db_table in sql
    if is_versions and "catalogue_product" in sql:
        return FIND
    if sql.startswith("SELECT"):
        return READ_VERSIONS if is_versions else READ_ROWS
    if sql.startswith(("INSERT", "UPDATE", "DELETE")):
        return WRITE_VERSIONS if is_versions else WRITE_ROWS
    return COMMIT if sql == "COMMIT" else sql


def one_of_each(steps):
    """Join neighbours: a page has many rows."""
    return [step for step, _ in groupby(steps)]
