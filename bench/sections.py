"""docs/benchmarks.md, in which each benchmark owns the section between its own two markers."""

import re
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
HEAD = "# Benchmarks\n\nWritten by the programs in `bench/`. Look at ratios: they hold on other machines.\n"


def write_section(name, text):
    """Put a benchmark's text into its section, and leave the others as they are."""
    section = f"<!-- {name} -->\n{text.strip()}\n<!-- /{name} -->\n"
    page = FILE.read_text(encoding="utf-8") if FILE.exists() else HEAD
    own = re.compile(f"<!-- {name} -->\n.*?<!-- /{name} -->\n", re.DOTALL)
    # A function, as a text's backslashes would be taken for escapes.
    page = own.sub(lambda _: section, page) if own.search(page) else f"{page}\n{section}"
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(page, encoding="utf-8")


def table(head, rows):
    """Return a Markdown table: the first column to the left, numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
