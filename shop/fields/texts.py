"""Typed texts, cleaned by one rule in models, forms, imports and drafts.

`clean_line()` and `clean_prose()` are the rule. `LineField` and `ProseField` apply it whenever a text is
validated, written or read; their form fields apply it before counting its length.
"""

import re
import unicodedata
from itertools import groupby, islice

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models

# Word sends U+000B for a line break, old Macs sent \r, and JavaScript knows U+2028 and U+2029.
BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1f\x85\u2028\u2029]")
# Controls, surrogates, noncharacters, and the object replacement character.
NO_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
# Everything but spaces, Unicode's default-ignorable characters, and four more that fonts leave blank.
VISIBLE = re.compile(
    "[^\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
SPACES = re.compile(r"\s{2,}|[\t\n]")
EDGES = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\u2060"

OVERRIDES = "\u202d\u202e"
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
TURN = re.compile("[\n\u202a-\u202e\u2066-\u2069]")
CLOSED_BY = {"\u202c": "\u202a\u202b\u202d\u202e", "\u2069": "\u2066\u2067\u2068"}
# More than any text needs.
MOST_DIRECTIONS = 200

# No script needs more combining marks, and normalising a run of them takes quadratic time.
MOST_MARKS = 8
TOWER = re.compile(f"[\u0300-\U0010ffff]{{{MOST_MARKS + 1}}}")


def clean_line(text):
    """Return a text cleaned like prose, on one line, with single spaces."""
    return SPACES.sub(" ", clean_prose(text))


def clean_prose(text):
    """Return a text with \\n line breaks, without controls and outer spaces, in composed form (NFC).

    A text without visible characters becomes empty.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = NO_TEXT.sub("", BREAK.sub("\n", text))
    if DIRECTION.search(text):
        text = _balanced(text)
    if not text.isascii():
        # Twice, as composition may split a mark into two.
        for _ in range(2):
            text = unicodedata.normalize("NFC", _without_towers(text))
    return text.strip(EDGES) if VISIBLE.search(text) else ""


def _balanced(text):
    """Remove controls that would reverse surrounding text: overrides, and those not closed in their line."""
    opened, kept = [], set()
    if len(DIRECTION.findall(text)) <= MOST_DIRECTIONS:
        for found in TURN.finditer(text):
            if found[0] == "\n":
                opened.clear()
            elif found[0] not in CLOSED_BY:
                opened.append(found)
            elif opened and opened[-1][0] in CLOSED_BY[found[0]]:
                start = opened.pop()
                kept |= set() if start[0] in OVERRIDES else {start.start(), found.start()}
    return DIRECTION.sub((lambda found: found[0] if found.start() in kept else "") if kept else "", text)


def _without_towers(text):
    if not TOWER.search(text):
        return text
    runs = groupby(text, key=lambda character: unicodedata.combining(character) > 0)
    return "".join("".join(islice(run, MOST_MARKS) if is_marks else run) for is_marks, run in runs)


class CleanFormField(forms.CharField):
    """The base of form fields that clean a text before validation."""

    clean_text = None

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return text
        return type(self).clean_text(text) or self.empty_value


class LineFormField(CleanFormField):
    clean_text = staticmethod(clean_line)


class ProseFormField(CleanFormField):
    widget = forms.Textarea
    clean_text = staticmethod(clean_prose)

    def widget_attrs(self, widget):
        """Omit maxlength, with which browsers silently truncate pasted text."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class CleanField(models.Field):
    """The base of model fields that clean a text when it is validated, written or read.

    Reading cleans, too, as raw SQL may have written anything. Migrations see Django's own fields.
    """

    clean_text = form_class = column = None

    def to_python(self, value):
        return self.cleaned(super().to_python(value))

    def from_db_value(self, value, expression, connection):
        return self.cleaned(value)

    def pre_save(self, instance, add):
        value = super().pre_save(instance, add)
        if (cleaned := self.cleaned(value)) != value:
            setattr(instance, self.attname, cleaned)
        return cleaned

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(self.cleaned(value), connection)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": self.form_class} | kwargs)

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.column}", args, kwargs

    def cleaned(self, value):
        return type(self).clean_text(value) if isinstance(value, str) else value


class LineField(CleanField, models.CharField):
    """A text of one line: a name, a title."""

    clean_text, form_class, column = staticmethod(clean_line), LineFormField, "CharField"


class ProseField(CleanField, models.TextField):
    """A text of several lines, at most max_length characters."""

    clean_text, form_class, column = staticmethod(clean_prose), ProseFormField, "TextField"

    def __init__(self, *args, max_length, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)
        self.validators.append(MaxLengthValidator(max_length))
