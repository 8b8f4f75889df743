"""Explore every interleaving of some processes around one database and one cache.

A request is a generator function that yields steps (of steps.py) and returns its answer:

    def reader():
        page = yield get("page")
        ...
        return page

Each step is atomic, and before and after it anything else may happen: a step of another process, or one
of the faults that are left. A row's value is the number of the commit that wrote it, and a page is what
read_rows() returned. An answer is stale if it shows a row older than was promised when its request
began. A commit is a promise once its request is answered, or its process is dead.
"""

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import NamedTuple

# What is written has this value until its commit numbers it: fresh, and equal to no other.
NEW = "uncommitted"


class Faults(NamedTuple):
    """How many of each may still happen, at any moment."""

    crash: int = 0  # a process dies, and its transaction with it
    rollback: int = 0
    eviction: int = 0
    resurrection: int = 0  # an entry that was lost, deleted or overwritten is back
    outage: int = 0  # the shared cache is away for a while: it gives nothing and takes nothing
    failure: int = 0  # the database is away for a while: it answers nothing, and its transactions are lost


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
    down: bool = False


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


class StuckError(AssertionError):
    """An interleaving ends with processes that wait for each other."""


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
    """Visit, depth first, every state that can be reached; return how many there are.

    Raises StaleReadError for a stale answer, StuckError where nobody can go on.
    """
    interleavings = {}

    def visit(state):
        key = canonical(state)
        if key not in interleavings:
            total = 0
            for move in moves(state):
                if move.stale:
                    raise StaleReadError(format_trace(shortest_stale_trace(world)))
                total += visit(move.world)
            if not total and any(process.requests for process in state.processes):
                raise StuckError(state)
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
        yield from database_faults(world, running)


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
    if result is not None or step.name == "get":
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
    running = paused.pop((request, results[:-1]), None) if results else None
    try:
        if running:
            step = running.send(results[-1])
        else:
            running = request()
            step = next(running)
            for result in results:
                step = running.send(result)
    except StopIteration as stop:
        return None, stop.value
    paused[request, results] = running
    if len(paused) > MOST_PAUSED:
        paused.popitem(last=False)
    return step, None


# Requests that wait at a step: one that goes on from there need not begin again.
paused = OrderedDict()
MOST_PAUSED = 5000


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


def database_faults(world, running):
    if world.down:
        yield Move("database", ("is back",), world._replace(down=False))
    elif world.faults.failure:
        world = after(world, "failure")._replace(down=True)
        for process in running:
            if process.written:
                world = ended(world, process)
        yield Move("database", ("is away",), world)


def after(world, fault):
    return world._replace(faults=spent(world.faults, fault))


@cache
def spent(faults, fault):
    return faults._replace(**{fault: getattr(faults, fault) - 1})


def put(world, key, value):
    stored = world.stored | {(key, value)} if world.faults.resurrection else frozenset()
    entries = {entry for entry in world.entries if entry[0] != key} | {(key, value)}
    return world._replace(entries=frozenset(entries), stored=stored)


def without(world, key):
    return world._replace(entries=frozenset(entry for entry in world.entries if entry[0] != key))
