"""What is wrong with a file, and where, in words for the person who made it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """line: as in a text editor; row: as in a spreadsheet, where a cell may hold several lines."""

    message: str
    line: int = 0
    row: int = 0
    column: str = ""

    def __str__(self):
        return f"{self.place}: {self.message}" if self.place else self.message

    @property
    def place(self):
        row = f"row {self.row}" if self.row != self.line else ""
        line = f"line {self.line}" if self.line else ""
        return ", ".join(part for part in (line, row, self.column) if part)


class BadFileError(Exception):
    """A file, a table or an archive, is not what an import can use; `problems` says why."""

    def __init__(self, *problems):
        self.problems = in_order(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


def in_order(problems):
    return sorted(problems, key=lambda problem: problem.line)
