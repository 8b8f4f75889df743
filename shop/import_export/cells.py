"""Texts in cells: what a spreadsheet must not take for a formula."""

import re

# What spreadsheets take for the start of a formula: at the start of a cell, and after whatever parts cells
# where a file is opened with another separator than the one it was written with. Quotes before it count.
START = r"(?:^|(?<=[;\t\n\r]))([^\S\t\n\r]*)"
SIGN = r"(?='*[=+\-@\t\r＝＋－＠])"
BARE, ARMOURED = re.compile(START + SIGN), re.compile(f"{START}'{SIGN}")


def armoured(text):
    """Put a quotation mark before all that a spreadsheet would take for a formula."""
    return BARE.sub(r"\1'", text)


def bared(text):
    """Take the quotation marks of armoured() away."""
    return ARMOURED.sub(r"\1", text)
