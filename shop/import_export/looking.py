"""What an import would change: found out a chunk at a time, and kept with the import as plain data."""

from dataclasses import asdict, dataclass, field
from time import monotonic

from .problems import Problem, shortened

SHOWN = 200
LONGEST = 160  # letters of a value


@dataclass
class Look:
    """How far a table was looked through, the first differences, how many rows differ, and problems."""

    rows: int = 0
    is_finished: bool = False
    counts: dict = field(default_factory=lambda: {"new": 0, "changed": 0})
    differences: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    # What a look that goes on takes up.
    former: str = ""
    products: dict = field(default_factory=dict)
    skus: dict = field(default_factory=dict)
    checked: list = field(default_factory=list)

    def __post_init__(self):
        self.problems = [p if isinstance(p, Problem) else Problem(**p) for p in self.problems]

    @property
    def total(self):
        return sum(self.counts.values())

    @property
    def left_out(self):
        return self.total - len(self.differences)

    def go_on(self, products, seconds):
        """Look through chunks of a ProductImport until some seconds are over, or all are."""
        end = monotonic() + seconds
        products.photos.checked.update(self.checked)
        known = self.products, self.skus
        for rows, differences, is_last in products.looks(start=self.rows, former=self.former, known=known):
            self._note(rows, differences)
            if not is_last and monotonic() > end:
                break
        else:
            self.is_finished = True
        self._take_up(products)

    def _note(self, rows, differences):
        self.rows = rows
        for difference in differences:
            self.counts["new" if difference.is_new else "changed"] += 1
        self.differences += [shown(one) for one in differences[: SHOWN - len(self.differences)]]

    def _take_up(self, products):
        self.problems = shortened([*self.problems, *products.problems])
        is_left = not self.is_finished
        self.former = products.former if is_left else ""
        self.products = products.matching.products if is_left else {}
        self.skus = products.matching.skus if is_left else {}
        self.checked = sorted(products.photos.checked) if is_left else []

    def as_data(self):
        return asdict(self)


def shown(difference):
    """Return a Difference as the page shows it."""
    changes = [
        {"name": change.column.name, "before": cut(change.before), "after": cut(change.after)}
        for change in difference.changes
    ]
    return {
        "line": difference.row.line,
        "slug": difference.slug,
        "sku": difference.row.sku,
        "is_new": difference.is_new,
        "changes": changes,
    }


def cut(text):
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
