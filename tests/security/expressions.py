"""Every regular expression of the shop, tried with long texts made of its own alphabet.

`python -m tests.security.expressions` prints the name of each before it is tried, so that one which takes
the square of a text's length is the last that is named.
"""

import importlib
import pkgutil
import re
from itertools import islice, product
from re import _parser  # type: ignore[attr-defined]

import django

LENGTH, MOST_LETTERS = 60_000, 5


def main():
    django.setup()
    for name, expression in sorted(expressions().items()):
        print(name, flush=True)  # noqa: T201
        for text in texts_for(expression):
            expression.fullmatch(text)
            for _ in expression.finditer(text):
                pass
    print("done", flush=True)  # noqa: T201


def expressions():
    """Return {module.name: pattern} of all that modules compile once, validators included."""
    found = {}
    importlib.import_module("storefront.urls")
    for package in ("shop", "storefront"):
        root = importlib.import_module(package)
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            if "migrations" in info.name or info.name == "storefront.wsgi":
                continue
            for name, value in vars(importlib.import_module(info.name)).items():
                for number, each in enumerate(value.values() if isinstance(value, dict) else [value]):
                    if isinstance(each, re.Pattern):
                        found[f"{info.name}.{name} {number}"] = each
    return found


def texts_for(expression):
    """Yield texts of two or fewer of its letters, over and over, with an end that does not fit."""
    letters = sorted(alphabet(_parser.parse(expression.pattern, expression.flags)))[:MOST_LETTERS]
    if isinstance(expression.pattern, bytes):
        letters.append("\xff")
    letters = dict.fromkeys([*letters, "a", "1", " "])
    for pair in islice(product(letters, repeat=2), MOST_LETTERS**2 * 2):
        text = "".join(pair)
        text = text * (LENGTH // len(text)) + "\x01"
        yield text.encode("latin-1") if isinstance(expression.pattern, bytes) else text


def alphabet(tree):
    """Return a letter for each literal, range and class in a parsed expression."""
    letters = set()
    for operation, argument in tree:
        match str(operation):
            case "LITERAL" | "NOT_LITERAL":
                letters.add(chr(argument))
            case "RANGE":
                letters.add(chr(argument[0]))
            case "IN":
                letters |= alphabet(argument)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                letters |= alphabet(argument[2])
            case "SUBPATTERN":
                letters |= alphabet(argument[-1])
            case "BRANCH":
                for branch in argument[1]:
                    letters |= alphabet(branch)
            case "ASSERT" | "ASSERT_NOT":
                letters |= alphabet(argument[1])
    return letters


if __name__ == "__main__":
    main()
