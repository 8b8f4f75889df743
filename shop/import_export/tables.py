"""Tables of products as CSV files: read as spreadsheets write them, written as spreadsheets read them."""

import codecs
import csv
import difflib
import io
import re
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.text import slugify

from shop.fields.texts import clean_prose

from .columns import COLUMNS, PRODUCT_COLUMNS, SELLER, SKU, SLUG, TITLE
from .report import ImportRefusedError, Problem

NAMES = [column.name for column in COLUMNS]
OFFER_COLUMNS = COLUMNS[COLUMNS.index(SKU) :]
KEYS = {SLUG.name, TITLE.name, SKU.name}
# A file with one of these is not what it seems, like UTF-16 without its mark.
NO_TEXT = re.compile(r"[\x00\ufffe\uffff]")
# What spreadsheets take for the start of a formula: at the start of a cell, and after whatever parts cells
# where a file is opened with another separator than the one it was written with. Quotes before it count.
START = r"(?:^|(?<=[;\t\n\r]))([^\S\t\n\r]*)"
SIGN = r"(?='*[=+\-@\t\r＝＋－＠])"
FORMULA, ESCAPED = re.compile(START + SIGN), re.compile(f"{START}'{SIGN}")
# Above all that a cell may hold, so that what is too long is named by its own limit.
csv.field_size_limit(2**20)
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HEADER_LIMIT = 10_000
MOST_COLUMNS, LONGEST_NAME = 100, 60
LONGEST_LINE, LONGEST_ROW = 1_000_000, 100_000  # letters, cells
EXPORTED_AT_ONCE = 500


@dataclass(eq=False)
class TableRow:
    """A row and its cells by the name of their column.

    key: the slug it gives, or its title makes, in lower case, or else the key of the row before it; slug
    and seller are found when it is matched with the shop.
    """

    line: int
    number: int
    cells: dict
    key: str = ""
    slug: str = ""
    seller: object = None

    def get(self, name):
        return self.cells.get(name, "")

    @property
    def sku(self):
        return self.get(SKU.name)

    def problem(self, message, column=""):
        return Problem(message, self.line, self.number, column)


class Table:
    """A CSV file in UTF-8, with or without a byte order mark, or UTF-16 with one.

    Commas, semicolons or tabs separate cells, lines end in any way, and columns come in any order;
    `columns` are the names of those it has. Raises ImportRefusedError for a file that is no such table, or
    has columns that are unknown, doubled, too few or too many.
    """

    def __init__(self, file, most=None):
        """file: open in binary mode, and can be read again from its start; most: rows it may have."""
        self.file, self.most = file, most
        file.seek(0)
        self.encoding = "utf-16" if file.read(2) in UTF_16 else "utf-8-sig"
        with self._text() as text:
            header = text.readline(HEADER_LIMIT)
        self.delimiter = max(",;\t", key=header.count)
        self.columns = column_names(next(self._records())[2])
        self.total = sum(1 for _ in self._records()) - 1

    @property
    def describes_products(self):
        """False for a plain list of prices or stock, whose rows may come in any order."""
        return any(column.name in self.columns for column in PRODUCT_COLUMNS)

    def rows(self, problems):
        """Yield the rows that hold something, and append to a list what is malformed in others."""
        former = ""
        records = self._records()
        next(records)
        for line, number, record in records:
            row = TableRow(line, number, dict(zip(self.columns, record, strict=False)))
            if len(record) != len(self.columns):
                cells = f"This row has {len(record)} cells, and there are {len(self.columns)} columns"
                problems.append(row.problem(f"{cells}. Is a separator or a quotation mark missing?"))
            elif bad := next((name for name, cell in row.cells.items() if NO_TEXT.search(cell)), None):
                problems.append(row.problem("This cell contains a character that isn't text.", bad))
            else:
                slug = row.get(SLUG.name) or slugify(row.get(TITLE.name))
                former = row.key = slug.lower() or former
                yield row

    def _records(self):
        """Yield (line, number of the row, cells) of each row that is not empty."""
        with self._text() as text:
            reader = csv.reader(lines_of(text), delimiter=self.delimiter, strict=True)
            line, number = 1, 1
            try:
                for record in reader:
                    self._check_size(record, line, number)
                    cells = [
                        cell if NO_TEXT.search(cell) else clean_prose(unescape_formulas(cell))
                        for cell in record
                    ]
                    if any(cells) or number == 1:
                        yield line, number, self._without_tail(cells)
                    line, number = reader.line_num + 1, number + 1
            except csv.Error as error:
                hint = "A quotation mark is missing, or there is one too many"
                raise ImportRefusedError(Problem(f"{hint} ({error}).", line, number)) from error
            if number == 1:
                raise ImportRefusedError("The file is empty.")

    def _check_size(self, record, line, number):
        # Empty rows count as well: reading them takes time, too.
        if self.most and number > self.most + 1:
            message = f"The table has more than {self.most:,} rows. Send it in parts"
            raise ImportRefusedError(f"{message}, and without empty rows at its end.")
        if len(record) > LONGEST_ROW:
            raise ImportRefusedError(Problem(f"This row has {len(record):,} cells.", line, number))

    def _without_tail(self, cells):
        """Leave out what a spreadsheet adds at the end: empty cells in columns without a name."""
        columns = getattr(self, "columns", cells)
        while len(cells) > len(columns) and not cells[-1]:
            cells.pop()
        return cells

    @contextmanager
    def _text(self):
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, self.encoding, newline="")
        try:
            yield text
        except UnicodeDecodeError as error:
            message = "This is not UTF-8. Save the file as “CSV UTF-8” in your spreadsheet."
            line = first_undecodable_line(self.file, self.encoding)
            raise ImportRefusedError(Problem(message, line, line)) from error
        finally:
            text.detach()


def column_names(header):
    """Return the names of columns as they are known; raises ImportRefusedError for those that cannot be."""
    names = [re.sub(r"[\s_-]+", "_", name.lower()) for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        problems = [f"The table has {len(names):,} columns; at most {MOST_COLUMNS} can be read."]
    else:
        problems = [unknown(name) for name in names if name not in NAMES]
        problems += [f"The column {name} is there twice." for name in NAMES if names.count(name) > 1]
    if not problems and KEYS.isdisjoint(names):
        problems = ["There is no column sku, slug or title, so no row says which product it is of."]
    if problems:
        raise ImportRefusedError(*(Problem(problem, line=1, row=1) for problem in problems))
    return names


def unknown(name):
    name = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    close = difflib.get_close_matches(name, NAMES, 1)
    hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(NAMES)}."
    return f"The column “{name}” is unknown. {hint}" if name else "A column has no name."


def lines_of(text):
    """Yield the lines of a text file; raises ImportRefusedError for one that would fill the memory."""
    number = 1
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            message = f"This line has more than {LONGEST_LINE:,} letters. Is a quotation mark missing?"
            raise ImportRefusedError(Problem(message, number, number))
        yield line
        number += 1


def first_undecodable_line(file, encoding):
    """Return its number, which the decoder does not say, or 0 for text that is not in lines of bytes."""
    file.seek(0)
    for number, line in enumerate(file, 1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            return number if encoding != "utf-16" else 0
    return 0


def export_lines(products):
    """Yield the lines of a CSV file of products (a queryset), a row for each variant.

    The first line begins with the mark by which Excel knows UTF-8.
    """
    writer = csv.writer(Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow(NAMES)
    for product in products.for_page().order_by("pk").iterator(chunk_size=EXPORTED_AT_ONCE):
        own = [column.show(product) for column in PRODUCT_COLUMNS]
        for variant in product.variants.all() or [None]:
            offer = [column.show(variant) if variant else "" for column in OFFER_COLUMNS]
            cells = [SELLER.show(product), SLUG.show(product), *own, *offer]
            yield writer.writerow(escape_formulas(clean_prose(cell)) for cell in cells)
            own = [""] * len(own)


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def escape_formulas(text):
    """Put a quotation mark before all that a spreadsheet would take for a formula."""
    return FORMULA.sub(r"\1'", text)


def unescape_formulas(text):
    return ESCAPED.sub(r"\1", text)
