"""What is wrong with a file, and where, in words for the person who made it."""

from collections import defaultdict
from dataclasses import dataclass

MOST_OF_A_KIND = 20
LONGEST = 400


@dataclass(frozen=True)
class Problem:
    """line: as in a text editor; row: as in a spreadsheet, where a cell may hold several lines."""

    message: str
    line: int = 0
    row: int = 0
    column: str = ""

    def __str__(self):
        message = self.message if len(self.message) <= LONGEST else f"{self.message[:LONGEST]}…"
        return f"{self.place}: {message}" if self.place else message

    @property
    def place(self):
        row = f"row {self.row}" if self.row != self.line else ""
        line = f"line {self.line}" if self.line else ""
        return ", ".join(part for part in (line, row, self.column) if part)


class BadFileError(Exception):
    """A file, a table or an archive, is not what an import can use; `problems` says why."""

    def __init__(self, *problems):
        self.problems = shortened(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


def shortened(problems):
    """Return problems in their order, each once, and only the first of those that are of one column."""
    kinds = defaultdict(list)
    for problem in sorted(dict.fromkeys(problems), key=lambda problem: problem.line):
        kinds[problem.column].append(problem)
    kept = [problem for kind in kinds.values() for problem in kind[:MOST_OF_A_KIND]]
    kept.sort(key=lambda problem: problem.line)
    more = {column: len(kind) - MOST_OF_A_KIND for column, kind in kinds.items()}
    return kept + [
        Problem(f"There are {count:,} more like these.", column=column)
        for column, count in more.items()
        if count > 0
    ]
