"""Put small faults into the code, one by one, and see whether a test notices: python -m tests.mutants.

Each module below has the tests that are to notice. They run once as things are, while it is written down
which lines each of them reaches. Then each mutant gets a copy of this process and of its database, in which
the tests that reach its line run up to the first that fails. Mutants are made of the bodies of functions: a
comparison, condition, operator, constant, call, argument, element or result is another one, or none.
"""

import argparse
import ast
import copy
import dataclasses
import difflib
import gc
import os
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from importlib import import_module
from pathlib import Path
from time import monotonic
from types import FunctionType

import coverage
import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

ROOT = Path(__file__).parent.parent
# Of how many times its usual duration, and seconds, a test may take before its mutant counts as noticed:
# it waits, or goes round in circles.
SLOWER, PATIENCE = 5, 20
C = "tests/caching/"
# module: (functions, or () for all of them; files of tests, those that notice most first)
TARGETS = {
    "shop.caching.versions": (
        (),
        f"{C}test_versions.py {C}test_acting.py {C}test_tracking.py {C}test_cdn.py",
    ),
    "shop.caching.dependencies": (
        (),
        f"{C}test_acting.py {C}test_dependencies.py {C}test_guard.py {C}test_admission.py",
    ),
    "shop.caching.pages": (
        (),
        f"{C}test_http.py {C}test_acting.py {C}test_stale_pages.py {C}test_redirects.py {C}test_variants.py "
        f"{C}test_guard.py {C}test_cdn.py {C}test_parameters.py {C}test_poisoning.py {C}test_outcomes.py "
        f"{C}test_admission.py",
    ),
    "shop.caching.tiers": ((), f"{C}test_tiers.py {C}test_http.py {C}test_acting.py"),
    "shop.caching.single_flight": ((), f"{C}test_single_flight.py"),
    "shop.caching.stale_pages": ((), f"{C}test_stale_pages.py {C}test_http.py {C}test_acting.py"),
    "shop.caching.cdn": ((), f"{C}test_cdn.py"),
    "shop.caching.tracking": ((), f"{C}test_tracking.py {C}test_versions.py {C}test_guard.py"),
    "shop.caching.snapshots": ((), f"{C}test_tracking.py {C}test_versions.py"),
    "shop.caching.page_keys": ((), f"{C}test_page_keys.py"),
    "shop.caching.parameters": ((), f"{C}test_parameters.py {C}test_spellings.py"),
    "shop.caching.guard": ((), f"{C}test_guard.py {C}test_poisoning.py"),
    "shop.caching.reads": ((), f"{C}test_guard.py {C}test_parameters.py"),
    "shop.caching.rate_limit": ((), f"{C}test_rate_limit.py"),
    "shop.caching.notes": ((), f"{C}test_rate_limit.py"),
    "shop.caching.middleware": ((), f"{C}test_http.py {C}test_acting.py"),
    "shop.caching.panel": ((), f"{C}test_panel.py"),
    "shop.invalidation": ((), "tests/test_precision.py tests/catalogue tests/caching/test_tracking.py"),
    "shop.catalogue.models.products": (
        ("page_facts", "list_facts", "card_facts", "reviews_facts"),
        f"{C}test_columns.py tests/catalogue/test_shelves.py",
    ),
    "shop.browse.facets": ((), "tests/browse/test_facets.py tests/browse/test_facet_counts.py"),
    "shop.browse.querysets": ((), "tests/browse/test_facet_counts.py tests/browse/test_facets.py"),
    "shop.caching.admission": ((), f"{C}test_admission.py"),
    "shop.caching.once": ((), f"{C}test_once.py"),
    "shop.accounts.second_factors": ((), "tests/accounts/test_second_factor.py"),
    "shop.selling.merging": ((), "tests/selling/test_merging.py tests/selling/test_conflicts.py"),
    "shop.accounts.middleware": (
        ("second_factor_for_staff", "_lacks_second_factor"),
        "tests/accounts/test_second_factor.py",
    ),
}
PAIRS = [
    (ast.Eq, ast.NotEq),
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.In, ast.NotIn),
    (ast.Is, ast.IsNot),
    (ast.And, ast.Or),
    (ast.Add, ast.Sub),
    (ast.Mult, ast.FloorDiv),
    (ast.BitOr, ast.BitAnd),
]
OPPOSITE = dict(PAIRS) | {other: one for one, other in PAIRS} | {ast.Div: ast.Mult}

NOTICED, PASS = "noticed", "pass"


def main():
    options = parsed_options()
    names = options.modules or list(TARGETS)
    files = sorted({file for name in names for file in TARGETS[name][1].split()})
    with tempfile.TemporaryDirectory() as folder:
        run = Run(names, options, Path(folder, "database"))
        arguments = ["-q", "-p", "no:cacheprovider", "-o", "tmp_path_retention_policy=none"]
        return pytest.main([*arguments, "--basetemp", f"{folder}/tests", *files], plugins=[run]) or bool(
            run.survivors
        )


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="those of TARGETS; all, as it comes")
    parser.add_argument("--sample", type=int, help="try so many of a module's mutants")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


@dataclass
class Run:
    """A plugin of pytest that runs the tests once, and then against the mutants of some modules."""

    names: list
    options: argparse.Namespace
    database: Path  # as it is before a test that commits has emptied it
    seconds: dict = dataclasses.field(default_factory=dict)  # of each test that passes
    kills: Counter = dataclasses.field(default_factory=Counter)
    survivors: list = dataclasses.field(default_factory=list)

    def pytest_runtestloop(self, session):
        self.reached = {name: defaultdict(set) for name in self.names}
        self.run_as_things_are(session.items)
        for name in self.names:
            self.try_mutants(name)
        return True

    def run_as_things_are(self, items):
        files = {name: str(ROOT / f"{name.replace('.', '/')}.py") for name in self.names}
        watch = coverage.Coverage(data_file=None, config_file=False, include=list(files.values()))
        watch.start()
        for number, item in enumerate(items):
            watch.switch_context(str(number))
            start = monotonic()
            if self.passes(item):
                self.seconds[item] = monotonic() - start
            else:
                print(f"{item.nodeid} fails as things are")
            self.keep_database()
        watch.stop()
        for name, file in files.items():
            for line, contexts in watch.get_data().contexts_by_lineno(file).items():
                reaching = [items[int(context)] for context in contexts if context]
                self.reached[name][line].update(reaching)

    def keep_database(self):
        connections.close_all()
        if not self.database.exists() and Path(file_of_database()).exists():
            shutil.copy(file_of_database(), self.database)

    def passes(self, item):
        # All that the test needed goes, but for what the session has made, as its database.
        reports = runtestprotocol(item, log=False, nextitem=item.session)
        return not any(report.failed for report in reports)

    def try_mutants(self, name):
        """Print those of a module's mutants that no test notices."""
        source = (ROOT / f"{name.replace('.', '/')}.py").read_text()
        before = closures(ast.parse(source))
        mutants = [mutant for mutant in mutants_of(source, TARGETS[name][0]) if closures(mutant[0]) == before]
        self.leave_out_what_copies_fail(self.tests_of(name, [self.reached[name]]))
        numbers = range(len(mutants))
        if self.options.sample and self.options.sample < len(mutants):
            numbers = sorted(random.Random(self.options.seed).sample(numbers, self.options.sample))
        noticed = 0
        for number in numbers:
            tree, lines = mutants[number]
            if (outcome := self.outcome_of(name, tree, self.tests_of(name, lines))) == NOTICED:
                noticed += 1
            else:
                self.survivors.append((name, number))
                print(f"\n{name}, mutant {number}: {outcome}\n{difference(source, tree)}", flush=True)
        print(f"\n| `{name}` | {noticed} of {len(numbers)} |", flush=True)

    def leave_out_what_copies_fail(self, tests):
        """Forget tests that fail where nothing is wrong but that it is a copy of this process."""

        def run_all(answer):
            answer.write_text(
                " ".join(str(number) for number, item in enumerate(tests) if not self.passes(item))
            )

        for number in map(int, self.answer_of_a_copy(run_all).split()):
            print(f"{tests[number].nodeid} fails in a copy")
            del self.seconds[tests[number]]

    def tests_of(self, name, lines):
        """Return a module's tests that reach some lines: those that notice much first, then quick ones."""
        files = tuple(TARGETS[name][1].split())
        for some in lines:
            tests = {item for line in some for item in self.reached[name][line]}
            if tests := [item for item in tests if item in self.seconds and item.nodeid.startswith(files)]:
                return sorted(tests, key=lambda item: (-self.kills[name, item], self.seconds[item]))
        return []

    def outcome_of(self, name, tree, tests):
        """Return what becomes of a mutant in a copy of this process."""
        module = import_module(name)
        compiled = compile(tree, module.__file__, "exec")

        def try_it(answer):
            replace_code(module, compiled)
            answer.write_text(self.first_failing(tests))

        answer = self.answer_of_a_copy(try_it)
        if answer == PASS:
            return f"{len(tests)} tests pass" if tests else "no test reaches it"
        if answer:
            self.kills[name, tests[int(answer)]] += 1
        return NOTICED

    def first_failing(self, tests):
        for number, item in enumerate(tests):
            # Ends this process, if nothing else does.
            signal.alarm(int(SLOWER * self.seconds[item]) + PATIENCE)
            if not self.passes(item):
                return str(number)
        return PASS

    def answer_of_a_copy(self, work):
        """Call work(file) in a copy of this process and its database; return what the file says then."""
        connections.close_all()
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder, "answer")
            if not (child := os.fork()):
                try:
                    if self.database.exists():
                        connections["default"].settings_dict["NAME"] = shutil.copy(self.database, folder)
                    work(answer)
                    os._exit(0)
                except BaseException:  # noqa: BLE001 - it must go no further in this process
                    traceback.print_exc()
                    os._exit(1)
            _, status = os.waitpid(child, 0)
            # Less than 0: it was ended by its alarm.
            assert os.waitstatus_to_exitcode(status) <= 0
            return answer.read_text() if answer.exists() else ""


def file_of_database():
    return connections["default"].settings_dict["NAME"]


def replace_code(module, compiled):
    """Give every function of a module, wherever it is held, the body that it has in compiled code."""
    # A function within another is made by the other's code.
    new = {name: code for name, code in bodies(compiled) if "<locals>" not in name}
    gc.unfreeze()  # Frozen objects, as tests have them, are not among those that can be got.
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename == module.__file__:
            thing.__code__ = new.get(thing.__code__.co_qualname, thing.__code__)
        elif type(thing) is _lru_cache_wrapper and thing.__module__.startswith("shop."):
            thing.cache_clear()


def closures(tree):
    """Return what each function takes from around it, which no other body of it can change."""
    return {name: code.co_freevars for name, code in bodies(compile(tree, "", "exec"))}


def bodies(code):
    for constant in code.co_consts:
        if hasattr(constant, "co_qualname"):
            yield constant.co_qualname, constant
            yield from bodies(constant)


def difference(source, tree):
    before, after = (ast.unparse(t).splitlines() for t in (ast.parse(source), tree))
    lines = difflib.unified_diff(before, after, n=1, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


# Mutants


def mutants_of(source, functions=()):
    """Yield (tree, lines) of all that differ from a source in one place of these functions (none: of all).

    The lines are those of the place, those of its statement, and those of its function.
    """
    tree = ast.parse(source)
    for path, node in places(tree, functions):
        for change in changes_of(node):
            mutant = copy.deepcopy(tree)
            parent, field, index = at(mutant, path)
            put(parent, field, index, change(copy.deepcopy(node)))
            yield ast.fix_missing_locations(mutant), lines_around(tree, path)


def lines_around(tree, path):
    nodes = [at_end(tree, path[:length]) for length in range(len(path), 0, -1)]
    around = [nodes[0]]
    around += [next(node for node in nodes if isinstance(node, ast.stmt))]
    around += [next(node for node in nodes if isinstance(node, ast.FunctionDef))]
    return [range(node.lineno, node.end_lineno + 1) for node in around if hasattr(node, "lineno")]


def places(tree, functions):
    """Yield (path, node) of all that is within functions, and not a docstring, annotation or decorator."""

    def walk(node, path, is_within):
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list", "ctx", "type_comment"):
                continue
            for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if not isinstance(child, ast.AST) or is_docstring(child, field, index):
                    continue
                inside = is_within
                if isinstance(child, ast.FunctionDef):
                    inside = is_within or not functions or child.name in functions
                elif isinstance(node, ast.FunctionDef) and field == "args":
                    inside = False
                here = (*path, (field, index))
                if is_within:
                    yield here, child
                yield from walk(child, here, inside)

    return walk(tree, (), False)


def is_docstring(node, field, index):
    return field == "body" and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def at(tree, path):
    return at_end(tree, path[:-1]), *path[-1]


def at_end(tree, path):
    for field, index in path:
        tree = getattr(tree, field) if index is None else getattr(tree, field)[index]
    return tree


def put(parent, field, index, node):
    if index is None:
        setattr(parent, field, node)
    elif isinstance(node, list):
        getattr(parent, field)[index : index + 1] = node
    else:
        getattr(parent, field)[index] = node


def changes_of(node):
    """Return functions that make something else of a node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in OPPOSITE:
            return [with_(ops=[OPPOSITE[type(op)]()])]
        case ast.BoolOp():
            return [with_(op=OPPOSITE[type(node.op)]())]
        case ast.BinOp() | ast.AugAssign() if type(node.op) in OPPOSITE:
            return [with_(op=OPPOSITE[type(node.op)]())]
        case ast.UnaryOp(op=ast.Not()):
            return [lambda node: node.operand]
        case ast.If() | ast.While() | ast.IfExp() if not is_not(node.test):
            return [lambda node: with_(test=ast.UnaryOp(ast.Not(), node.test))(node)]
        case ast.Constant(value=bool()):
            return [with_(value=not node.value)]
        case ast.Constant(value=int() | float()):
            return [with_(value=node.value + 1)]
        case ast.Constant(value=str()) if node.value.strip():
            return [with_(value=node.value + "x")]
        case ast.Return() if node.value is not None and not is_none(node.value):
            return [with_(value=ast.Constant(None))]
        case ast.Expr(value=ast.Call()) | ast.Delete() | ast.Raise() | ast.Assign(targets=[ast.Attribute()]):
            return [lambda node: ast.Pass()]
        case ast.With() if not any(item.optional_vars for item in node.items):
            return [lambda node: node.body]
        case ast.Call(keywords=[_, *_]):
            return [without("keywords", number) for number in range(len(node.keywords))]
        case ast.List(ctx=ast.Load()) | ast.Tuple(ctx=ast.Load()) | ast.Set() if len(node.elts) > 1:
            return [without("elts", number) for number in range(len(node.elts))]
    return []


def is_not(node):
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def with_(**fields):
    def change(node):
        for name, value in fields.items():
            setattr(node, name, value)
        return node

    return change


def without(field, number):
    def change(node):
        del getattr(node, field)[number]
        return node

    return change


if __name__ == "__main__":
    sys.exit(main())
