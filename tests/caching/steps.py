"""The steps that requests take in the explorer's world.

A statement of the database sees what is committed by then, and its own transaction's writes (READ
COMMITTED); a row that a transaction has written or locked is its own until it ends. While the database
is away every statement results in AWAY. A key of a cache is a tuple of words, numbers, and versions as
they were read.
"""

from .explorer import NEW, Step, put, without

READ_VERSIONS, READ_ROWS = "read the versions", "read the rows"
FIND = "find the rows with their versions"
WRITE_ROWS, WRITE_VERSIONS, COMMIT = "write the rows", "write the versions", "commit"
GET, SET, ADD, DELETE = "get", "set", "add", "delete"
AWAY = "the database is away"
# A transaction holds this lock as it holds rows: SHARED beside others, or ALONE.
LOCK, SHARED, ALONE = "the lock of writers", "shared", "alone"


class Own(str):
    """The name of a memory that belongs to a process, so that no outage of the shared cache reaches it."""


# The database


def read_versions(*tags):
    return read_step(READ_VERSIONS, tags)


def read_rows(*names):
    return read_step(READ_ROWS, names)


def find(*names):
    return read_step(FIND, names)


def read_step(step, names):
    def act(world, me):
        rows = dict(world.rows) | dict(me.written)
        return world, me, tuple((name, rows.get(name, 0)) for name in names)

    return database_step(step, (), act)


def write_rows(*names):
    return write_step(WRITE_ROWS, names, lambda rows, name: NEW)


def write_versions(*tags):
    return write_step(WRITE_VERSIONS, tags, lambda rows, tag: NEW)


def write_back(page):
    """Write a row as it was read, which is a change if somebody else has changed it meanwhile."""
    was = dict(page)
    return write_step("write back", was, lambda rows, name: was[name] if was[name] == rows[name] else NEW)


def lock_rows(*names):
    return write_step("lock", names, lambda rows, name: rows[name])


def write_step(step, names, value):
    def act(world, me):
        others = (other for other in world.processes if other.name != me.name)
        if any(name in dict(other.written) for other in others for name in names):
            return None
        rows = dict(world.rows)
        written = dict(me.written) | {name: value(rows, name) for name in names}
        return world, me._replace(written=tuple(written.items())), None

    return database_step(step, tuple(names), act)


def lock_writers(how):
    """Hold the lock of writers until the transaction ends: SHARED, or ALONE once no other holds it."""

    def act(world, me):
        others = {dict(other.written).get(LOCK) for other in world.processes if other.name != me.name}
        if ALONE in others or (how == ALONE and SHARED in others):
            return None
        held = dict(me.written)
        strongest = ALONE if ALONE in (how, held.get(LOCK)) else SHARED
        return world, me._replace(written=tuple((held | {LOCK: strongest}).items())), None

    return database_step(f"take {LOCK}", (how,), act)


def savepoint():
    """Return what roll_back_to() needs."""
    return database_step("savepoint", (), lambda world, me: (world, me, me.written))


def roll_back_to(written=()):
    """Undo what the transaction has written since a savepoint, or all of it, and let go of its locks."""
    return database_step("roll back", (), lambda world, me: (world, me._replace(written=written), None))


def commit():
    def act(world, me):
        number = world.used + 1
        changes = {name: number for name, value in me.written if value == NEW}
        world = world._replace(rows=tuple((dict(world.rows) | changes).items()), used=number)
        return world, me._replace(written=(), committed=(*me.committed, *changes.items())), None

    return database_step(COMMIT, (), act)


def database_step(name, about, act):
    def attempt(world, me):
        return (world, me._replace(written=()), AWAY) if world.down else act(world, me)

    return Step(name, about, attempt)


# Caches


def get(*key):
    return cache_step(GET, (key,), lambda world: (world, dict(world.entries).get(key)))


def store(*key, value):
    return cache_step(SET, (key, "=", value), lambda world: (put(world, key, value), None))


def add(*key):
    """Set a key if it is not there, and return whether it was so."""

    def change(world):
        return (world, False) if key in dict(world.entries) else (put(world, key, "held"), True)

    return cache_step(ADD, (key,), change)


def delete(*key):
    return cache_step(DELETE, (key,), lambda world: (without(world, key), None))


def renew(*key):
    """Set a value that nothing else has, and return it."""

    def change(world):
        number = world.used + 1
        return put(world._replace(used=number), key, number), number

    return cache_step("renew", (key,), change)


def increment(*key):
    """Add one to a number that begins at zero, and return it."""

    def change(world):
        number = dict(world.entries).get(key, 0) + 1
        return put(world, key, number), number

    return cache_step("increment", (key,), change)


def cache_step(name, about, change):
    is_own = isinstance(about[0][0], Own)

    def act(world, me):
        world, result = (world, None) if world.away and not is_own else change(world)
        return world, me, result

    return Step(name, about, act)
