"""What an import says to the person who made the file: what is wrong, what would change, what was written."""

from collections import defaultdict
from dataclasses import dataclass, field

MOST_OF_A_KIND = 20
LONGEST = 400  # letters of a problem
SHOWN, LONGEST_VALUE = 200, 160  # rows that differ, letters of a value
KINDS = ("products", "variants", "photos", "sent for approval")


@dataclass(frozen=True)
class Problem:
    """line: as in a text editor; row: as in a spreadsheet, where a cell may hold several lines."""

    message: str
    line: int = 0
    row: int = 0
    column: str = ""

    def __str__(self):
        message = shortened(self.message, LONGEST)
        return f"{self.place}: {message}" if self.place else message

    @property
    def place(self):
        row = f"row {self.row}" if self.row != self.line else ""
        line = f"line {self.line}" if self.line else ""
        return ", ".join(part for part in (line, row, self.column) if part)


class ImportRefusedError(Exception):
    """An import cannot go on, as a rule for what is in its table or archive; `problems` says why."""

    def __init__(self, *problems):
        self.problems = first_of_each_kind(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


def first_of_each_kind(problems):
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


@dataclass
class ImportPreview:
    """What an import would change, as far as `rows` rows: the first differences, counts, and problems.

    It is kept as plain data. seen: what a later chunk is compared with (see rows.Seen).
    """

    rows: int = 0
    is_finished: bool = False
    counts: dict = field(default_factory=lambda: {"new": 0, "changed": 0})
    differences: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    seen: dict = field(default_factory=dict)

    def __post_init__(self):
        self.problems = [p if isinstance(p, Problem) else Problem(**p) for p in self.problems]

    @property
    def total(self):
        return sum(self.counts.values())

    @property
    def left_out(self):
        return self.total - len(self.differences)

    def add(self, differences):
        for difference in differences:
            self.counts["new" if difference["is_new"] else "changed"] += 1
        for difference in differences[: SHOWN - len(self.differences)]:
            changes = [
                {name: shortened(text, LONGEST_VALUE) for name, text in change.items()}
                for change in difference["changes"]
            ]
            self.differences.append(difference | {"changes": changes})


def shortened(text, longest):
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def summary(written):
    """Return counts by kind in words; kinds are in the plural: {"products": 1} is 1 product."""
    # PostgreSQL keeps no order in JSON.
    counts = [(written[kind], kind) for kind in KINDS if written.get(kind)]
    words = [f"{count:,} {kind.removesuffix('s') if count == 1 else kind}" for count, kind in counts]
    return ", ".join(words) or "nothing"
