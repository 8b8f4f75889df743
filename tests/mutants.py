"""Put small faults into the code, one by one, and see whether a test notices: python -m tests.mutants.

Each module below has the tests that are to notice. They run once as things are, and then once for each
mutant, up to the first that fails. Mutants are made of the bodies of functions: a comparison, condition,
operator, constant, call, argument, element or result is another one, or none.
"""

import argparse
import ast
import copy
import difflib
import gc
import random
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

ROOT = Path(__file__).parent.parent
# Seconds after which a mutant counts as noticed: it waits, or goes round in circles.
PATIENCE = 600
# The number of no mutant.
NONE = -1
C = "tests/caching/"
# module: (functions, or () for all of them; files of tests, those that notice most first)
TARGETS = {
    "shop.caching.versions": (
        (),
        f"{C}test_versions.py {C}test_acting.py {C}test_tracking.py {C}test_edges.py",
    ),
    "shop.caching.contents": ((), f"{C}test_acting.py {C}test_contents.py {C}test_guard.py"),
    "shop.caching.pages": (
        (),
        f"{C}test_http.py {C}test_acting.py {C}test_last_copies.py {C}test_redirects.py {C}test_variants.py "
        f"{C}test_guard.py {C}test_edges.py {C}test_parameters.py {C}test_poisoning.py",
    ),
    "shop.caching.tiers": ((), f"{C}test_tiers.py {C}test_http.py {C}test_acting.py"),
    "shop.caching.flight": ((), f"{C}test_flight.py"),
    "shop.caching.last_copies": ((), f"{C}test_last_copies.py {C}test_http.py {C}test_acting.py"),
    "shop.caching.edges": ((), f"{C}test_edges.py"),
    "shop.caching.tracking": ((), f"{C}test_tracking.py {C}test_versions.py"),
    "shop.caching.addresses": ((), f"{C}test_last_copies.py {C}test_http.py {C}test_poisoning.py"),
    "shop.caching.parameters": ((), f"{C}test_parameters.py {C}test_acting.py"),
    "shop.caching.guard": ((), f"{C}test_guard.py {C}test_poisoning.py"),
    "shop.caching.reads": ((), f"{C}test_guard.py {C}test_parameters.py"),
    "shop.caching.limits": ((), f"{C}test_limits.py"),
    "shop.caching.notes": ((), f"{C}test_limits.py"),
    "shop.caching.middleware": ((), f"{C}test_http.py {C}test_acting.py"),
    "shop.caching.panel": ((), f"{C}test_panel.py"),
    "shop.invalidation": ((), "tests/test_precision.py tests/catalogue tests/caching/test_tracking.py"),
    "shop.catalogue.models.products": (
        ("page_facts", "list_facts", "card_facts", "reviews_facts"),
        "tests/test_precision.py",
    ),
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


def main():
    options = parsed_options()
    if options.mutant is not None:
        return run_tests(options.modules[0], options.mutant)
    return max([try_mutants(name, options) for name in options.modules or TARGETS])


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="those of TARGETS; all, as it comes")
    parser.add_argument("--sample", type=int, help="try so many of a module's mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--mutant", type=int, help="run the tests of one module with its mutant of this number"
    )
    return parser.parse_args()


def try_mutants(name, options):
    """Print those of a module's mutants that no test notices; return whether there are some."""
    source, mutants = mutants_in(name)
    if is_noticed(name, NONE):
        print(f"{name}: its tests fail as things are")
        return True
    numbers = range(len(mutants))
    if options.sample and options.sample < len(mutants):
        numbers = sorted(random.Random(options.seed).sample(numbers, options.sample))
    survivors = [number for number in numbers if not is_noticed(name, number)]
    for number in survivors:
        print(f"\n{name}, mutant {number}\n{difference(source, mutants[number])}")
    print(f"\n{name}: {len(numbers) - len(survivors)} of {len(numbers)} mutants are noticed", flush=True)
    return bool(survivors)


def mutants_in(name):
    source = (ROOT / f"{name.replace('.', '/')}.py").read_text()
    return source, list(mutants_of(source, TARGETS[name][0]))


def is_noticed(name, number):
    """Return whether tests fail with a mutant, or do not end."""
    command = [sys.executable, "-m", "tests.mutants", name, "--mutant", str(number)]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def run_tests(name, number):
    plugins = [] if number == NONE else [Mutant(name, number)]
    return pytest.main(["-q", "-x", "-p", "no:cacheprovider", *TARGETS[name][1].split()], plugins=plugins)


class Mutant:
    """A plugin of pytest that puts a mutant into the code before the first test."""

    def __init__(self, name, number):
        self.name, self.number = name, number

    def pytest_collection_finish(self):
        module = import_module(self.name)
        replace_code(module, compile(mutants_in(self.name)[1][self.number], module.__file__, "exec"))


def replace_code(module, compiled):
    """Give every function of a module, wherever it is held, the body that it has in compiled code."""
    # A function within another is made by the other's code.
    new = {name: code for name, code in bodies(compiled) if "<locals>" not in name}
    for function in [thing for thing in gc.get_objects() if isinstance(thing, FunctionType)]:
        if function.__code__.co_filename == module.__file__:
            function.__code__ = new.get(function.__code__.co_qualname, function.__code__)


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
    """Yield trees that differ from a source's in one place, in functions of these names (none: in all)."""
    tree = ast.parse(source)
    for path, node in places(tree, functions):
        for change in changes_of(node):
            mutant = copy.deepcopy(tree)
            parent, field, index = at(mutant, path)
            put(parent, field, index, change(copy.deepcopy(node)))
            yield ast.fix_missing_locations(mutant)


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
    for field, index in path[:-1]:
        tree = getattr(tree, field) if index is None else getattr(tree, field)[index]
    return tree, *path[-1]


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
        case ast.If() | ast.While() | ast.IfExp():
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
