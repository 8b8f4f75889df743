"""What spreadsheets make of a table, and what is said about what cannot be read."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.fields.pairs import read_pairs, show_pairs
from shop.fields.texts import clean_prose
from shop.import_export.report import ImportRefusedError
from shop.import_export.tables import Table, escape_formulas, unescape_formulas

TEXT = 'slug,title,description,price\r\nvase,Größe,"Tall,\r\nand thin",12.50\r\nbowl,Bowl,,7\r\n'


def read(content):
    problems = []
    table = Table(io.BytesIO(content))
    return table, list(table.rows(problems)), [str(problem) for problem in problems]


def complaints(content):
    with pytest.raises(ImportRefusedError) as caught:
        read(content)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace("\r\n", "\r").encode(),
        TEXT.replace('"Tall,', '"Tall§').replace(",", ";").replace("§", ",").encode(),
        TEXT.replace('"Tall,', '"Tall§').replace(",", "\t").replace("§", ",").encode("utf-16"),
        TEXT.replace("slug,title", "Slug, TITLE ").encode(),
        TEXT.replace("price\r\n", "price,,\r\n").replace("50\r\n", "50,,\r\n").encode(),
        (TEXT + "\r\n,,,\r\n").encode(),
    ],
    ids=["plain", "mark", "utf-16", "unix", "mac", "semicolons", "tabs", "capitals", "tail", "blank rows"],
)
def test_what_spreadsheets_write_is_the_same_table(content):
    _, rows, problems = read(content)
    assert not problems
    assert [row.cells for row in rows] == [
        {"slug": "vase", "title": "Größe", "description": "Tall,\nand thin", "price": "12.50"},
        {"slug": "bowl", "title": "Bowl", "description": "", "price": "7"},
    ]


def test_lines_are_counted_as_an_editor_and_as_a_spreadsheet_do():
    _, (vase, bowl), _ = read(TEXT.encode())
    assert str(vase.problem("No.", "price")) == "line 2, price: No."
    assert str(bowl.problem("No.", "price")) == "line 4, row 3, price: No."


def test_headers_that_cannot_be_are_named():
    misspelt, unknown, doubled = complaints(b"slug,titel,price,price,xyzzy\n")
    assert misspelt == "line 1: The column “titel” is unknown. Did you mean title?"
    assert unknown.startswith("line 1: The column “xyzzy” is unknown. There are: seller, slug, title,")
    assert doubled == "line 1: The column price is there twice."
    assert "no row says which product" in complaints(b"price,stock\n1,2\n")[0]
    assert complaints(b"") == ["The file is empty."]
    assert "has no name" in complaints(b"slug,,price\n")[0]


def test_text_that_is_not_utf_8_is_found_by_its_line():
    [message] = complaints("slug,title\nvase,Vase\nbowl,Größe\n".encode("cp1252"))
    assert message.startswith("line 3: This is not UTF-8. Save the file as")
    assert "not UTF-8" in complaints(b"\xff\xfes\x00\x00\xd8\x00\xd8")[0]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b'vase,"Vase\nbowl,Bowl\n', "line 2: A quotation mark is missing"),
        (b'vase,"Va"se\n', "line 2: A quotation mark is missing"),
        (b'vase,"' + b"x" * 140_000, "line 2: A quotation mark is missing"),
    ],
)
def test_quotation_marks_that_do_not_match_end_the_reading(line, complaint):
    assert complaints(b"slug,title\n" + line)[0].startswith(complaint)


def test_rows_of_the_wrong_length_and_characters_that_are_no_text_are_problems():
    _, rows, problems = read(b"slug,title\nvase\nbowl,Bowl,7\njug,J\x00ug\ncup,Cup\n")
    assert [row.get("slug") for row in rows] == ["cup"]
    assert [problem.partition(".")[0] for problem in problems] == [
        "line 2: This row has 1 cells, and there are 2 columns",
        "line 3: This row has 3 cells, and there are 2 columns",
        "line 4, title: This cell contains a character that isn't text",
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''-x", "＝1", "'tis", "plain", ""]
)
def test_nothing_goes_out_as_a_formula_and_all_comes_back_as_it_was(text):
    out = escape_formulas(text)
    assert out[:1] not in {"=", "+", "-", "@", "\t", "＝"}
    assert unescape_formulas(out) == text


PAIRS = [
    [["Material", "Oak"], ["Height", "20 cm"]],
    [["Ratio 16:9", "yes: it is"], ["a|b", "c|d"], ["back\\slash", "\\"], ["x", "\\|"]],
]


@pytest.mark.parametrize("pairs", PAIRS)
def test_pairs_come_back_as_they_were(pairs):
    assert read_pairs(clean_prose(show_pairs(pairs))) == pairs


def test_pairs_can_be_typed_on_lines_of_their_own():
    assert read_pairs("Material: Oak\n\nHeight : 20 cm |") == PAIRS[0]


@given(st.text(st.sampled_from("=+-@;|,'\" \t\n\r＝a\v"), max_size=20).map(clean_prose))
@settings(deadline=None, max_examples=100)
def test_no_text_goes_out_as_a_formula_however_it_is_parted(text):
    out = escape_formulas(text)
    parts = re.split(r"[;\t\n\r]", out)
    assert not [part for part in parts if part.lstrip()[:1] in set("=+-@＝＋－＠")]
    assert unescape_formulas(out) == text
