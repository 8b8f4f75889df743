"""Explore every interleaving of some processes around one database and one cache.

A request is a generator function that yields steps and returns its answer:

    def reader():
        page = yield get("page")
        ...
        return page

Each step is atomic, and before and after it anything else may happen: a step of another process, or one
of the faults that are left. A row's value is the number of the commit that wrote it, and a page is what
read_rows() returned. An answer is stale if it shows a row older than was promised when its request
began. A commit is a promise once its request is answered, or its process is dead.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import NamedTuple

READ_VERSIONS, READ_ROWS = "read the versions", "read the rows"
FIND = "find the rows with their versions"
WRITE_ROWS, WRITE_VERSIONS, COMMIT = "write the rows", "write the versions", "commit"
GET, SET, ADD, DELETE = "get", "set", "add", "delete"

# What is written has this value until its commit numbers it: fresh, and equal to no other.
NEW = "uncommitted"


class Faults(NamedTuple):
    """How many of each may still happen, at any moment."""

    crash: int = 0  # a process dies, and its transaction with it
    rollback: int = 0
    eviction: int = 0
    resurrection: int = 0  # an entry that was lost, deleted or overwritten is back
    outage: int = 0  # the cache is away for a while: it gives nothing and takes nothing


class Process(NamedTuple):
    name: str
    requests: tuple  # generator functions; the first is the one that is running
    results: tuple = ()  # of its steps so far: they say where it stands, as it depends on nothing else
    floor: tuple = ()  # what was promised when it began
    written: tuple = ()  # the rows that its transaction holds, with their values
    committed: tuple = ()


class World(NamedTuple):
    rows: tuple
    processes: tuple
    faults: Faults = Faults()
    promised: tuple = ()
    entries: frozenset = frozenset()
    stored: frozenset = frozenset()  # every entry there ever was, as long as one may come back
    used: int = 0  # the last number that was given to a commit or a token
    away: bool = False


class Step(NamedTuple):
    name: str
    about: tuple
    act: Callable  # (world, process) -> (world, process, result), or None while it has to wait for a row


class Move(NamedTuple):
    who: str
    what: tuple
    world: World
    stale: bool = False

    def __str__(self):
        return " ".join(map(shown, self.what))


class Exploration(NamedTuple):
    states: int
    interleavings: int


class StaleReadError(AssertionError):
    """An interleaving ends in a stale answer."""


def world_of(processes, rows, faults=None):
    """Return the first state: processes is {name: [request, …]}, rows (and tags) are names."""
    started = tuple(Process(name, tuple(requests)) for name, requests in processes.items())
    return World(tuple((name, 0) for name in rows), started, faults or Faults())


def readers_and_writers(readers, writers, rows=("row", "tag"), **faults):
    """Return the first state of a world of readers and writers; each is a list of requests."""
    named = {f"reader {n}": requests for n, requests in enumerate(readers, 1)}
    named |= {f"writer {n}": requests for n, requests in enumerate(writers, 1)}
    return world_of(named, rows, Faults(**faults))


def explore(world):
    """Visit, depth first, every state that can be reached; raise StaleReadError for a stale answer."""
    interleavings = {}

    def visit(state):
        key = canonical(state)
        if key not in interleavings:
            total = 0
            for move in moves(state):
                if move.stale:
                    raise StaleReadError(format_trace(shortest_stale_trace(world)))
                total += visit(move.world)
            interleavings[key] = total or 1
        return interleavings[key]

    total = visit(world)
    return Exploration(len(interleavings), total)


def shortest_stale_trace(world):
    """Return the moves of a shortest interleaving that ends in a stale answer, or None (breadth first)."""
    queue, seen = deque([(world, ())]), {canonical(world)}
    while queue:
        state, trace = queue.popleft()
        for move in moves(state):
            if move.stale:
                return (*trace, move)
            if (key := canonical(move.world)) not in seen:
                seen.add(key)
                queue.append((move.world, (*trace, move)))
    return None


def steps_alone(*requests, rows):
    """Return, for each of some requests one after another, the names of the steps it takes."""
    world, names = world_of({"alone": requests}, rows), [[] for _ in requests]
    while running := world.processes[0].requests:
        move = advance(world, world.processes[0])
        names[len(requests) - len(running)].append(move.what[0])
        world = move.world
    return names


def format_trace(trace):
    """Return one numbered line for each move."""
    width = max(len(move.who) for move in trace)
    return "\n".join(f"{n:2}. {move.who:{width}}  {move}" for n, move in enumerate(trace, 1))


def shown(value):
    """Return a word, a key, a page or versions as text."""
    if not isinstance(value, tuple):
        return "nothing" if value is None else str(value)
    if value and isinstance(value[0], tuple):
        return ", ".join(f"{name} {number}" for name, number in value)
    return " of ".join(map(shown, value))


def canonical(world):
    """Return a key that two states share if they differ only by which of the like processes does what."""
    nameless = sorted(numbers[process[1:]] for process in world.processes)
    return world.rows, tuple(nameless), *world[2:]


# States of processes have no order of their own to be sorted by.
numbers = defaultdict(count().__next__)


def moves(world):
    """Yield everything that may happen next; nothing once every process has ended."""
    running = [process for process in world.processes if process.requests]
    for process in running:
        if move := advance(world, process):
            yield move
    if running:
        yield from process_faults(world, running)
        yield from cache_faults(world)


def advance(world, process):
    """Return the Move of process taking its next step, or None if it has to wait for a row."""
    step, _ = upcoming(process.requests[0], process.results)
    if not process.results:
        process = process._replace(floor=world.promised)
    outcome = step.act(world, process)
    if outcome is None:
        return None
    world, process, result = outcome
    what = (step.name, *step.about)
    if result is not None or step.name == GET:
        what += ("→", result)
    return arrived(world, process._replace(results=(*process.results, result)), what)


def arrived(world, process, what):
    following, answer = upcoming(process.requests[0], process.results)
    if following:
        return Move(process.name, what, with_process(world, process))
    if answer:
        what += ("and answer", answer)
    stale = bool(answer) and is_stale(answer, process.floor)
    return Move(process.name, what, ended(world, process, process.requests[1:]), stale)


@cache
def upcoming(request, results):
    """Return (the request's step after these results, None), or (None, its answer)."""
    running = request()
    try:
        step = next(running)
        for result in results:
            step = running.send(result)
    except StopIteration as stop:
        return None, stop.value
    return step, None


def is_stale(answer, floor):
    """Tell whether a page shows a row as it was before its floor, or as no commit has made it."""
    floor = dict(floor)
    return any(number == NEW or number < floor.get(name, 0) for name, number in answer)


def ended(world, process, requests=()):
    """Return the world once process has answered or died: what it has committed is a promise."""
    if process.committed:
        promised = dict(world.promised)
        for name, number in process.committed:
            promised[name] = max(number, promised.get(name, 0))
        world = world._replace(promised=tuple(sorted(promised.items())))
    return with_process(world, Process(process.name, requests))


def with_process(world, changed):
    processes = [changed if process.name == changed.name else process for process in world.processes]
    return world._replace(processes=tuple(processes))


# Faults


def process_faults(world, running):
    for process in running:
        if world.faults.crash and process.results:
            yield Move(process.name, ("dies",), ended(after(world, "crash"), process))
        if world.faults.rollback and process.written:
            yield Move(process.name, ("rolls back",), ended(after(world, "rollback"), process))


def cache_faults(world):
    if world.faults.eviction:
        for key, value in world.entries:
            yield Move("cache", ("loses", key, "=", value), without(after(world, "eviction"), key))
    if world.faults.resurrection:
        for key, value in world.stored - world.entries:
            yield Move("cache", ("has again", key, "=", value), put(after(world, "resurrection"), key, value))
    if world.away:
        yield Move("cache", ("is back",), world._replace(away=False))
    elif world.faults.outage:
        yield Move("cache", ("is away",), after(world, "outage")._replace(away=True))


def after(world, fault):
    return world._replace(faults=spent(world.faults, fault))


@cache
def spent(faults, fault):
    return faults._replace(**{fault: getattr(faults, fault) - 1})


# Steps of the database. A statement sees what is committed by then, and its own transaction's writes
# (READ COMMITTED); a row that a transaction has written or locked is its own until it ends.


def read_versions(*tags):
    return read_step(READ_VERSIONS, tags)


def read_rows(*names):
    return read_step(READ_ROWS, names)


def find(*names):
    return read_step(FIND, names)


def read_step(step, names):
    def act(world, me):
        rows = dict(world.rows) | dict(me.written)
        return world, me, tuple((name, rows[name]) for name in names)

    return Step(step, (), act)


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

    return Step(step, tuple(names), act)


def commit():
    def act(world, me):
        number = world.used + 1
        changes = {name: number for name, value in me.written if value == NEW}
        world = world._replace(rows=tuple((dict(world.rows) | changes).items()), used=number)
        return world, me._replace(written=(), committed=(*me.committed, *changes.items())), None

    return Step(COMMIT, (), act)


# Steps of the cache. A key is a tuple of words, numbers, and versions as they were read.


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
    def act(world, me):
        world, result = (world, None) if world.away else change(world)
        return world, me, result

    return Step(name, about, act)


def put(world, key, value):
    stored = world.stored | {(key, value)} if world.faults.resurrection else frozenset()
    entries = {entry for entry in world.entries if entry[0] != key} | {(key, value)}
    return world._replace(entries=frozenset(entries), stored=stored)


def without(world, key):
    return world._replace(entries=frozenset(entry for entry in world.entries if entry[0] != key))
