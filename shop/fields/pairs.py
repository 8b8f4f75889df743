"""Lists of texts in one column: model fields, form fields, and their notation.

`read_…()` reads back exactly what `show_…()` writes.
"""

import csv
import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from .texts import CleanField, ProseFormField, clean_line

LONGEST_NAME, LONGEST_VALUE, MOST_PAIRS = 60, 300, 60
LONGEST_WORD, MOST_WORDS = 60, 3

# No two alternatives begin with the same character, so matching never backtracks.
ITEM = {
    between: re.compile(rf"(?:[^\\\n{re.escape(between)}]|\\(?:.|(?=\n)|\Z))+") for between in ("|", "\n")
}
ESCAPED_OR_COLON = re.compile(r"\\.|:", re.DOTALL)


def show_pairs(pairs, between="|"):
    """Write pairs as “Material: Oak | Height: 20 cm”, or one to a line (between: "\\n")."""
    glue = between if between == "\n" else f" {between} "
    return glue.join(f"{_escaped(name, f'{between}:')}: {_escaped(text, between)}" for name, text in pairs)


def read_pairs(text, between="|"):
    """Return the pairs in a text; line breaks always separate them. Raises ValidationError."""
    return [_pair(item.strip(), between) for item in ITEM[between].findall(text) if item.strip()]


def count_pairs(text, between="|"):
    return sum(1 for _ in ITEM[between].finditer(text))


def show_words(words):
    """Write texts with commas between them, quoting those with a comma."""
    return ", ".join(map(_quoted, words))


def read_words(text):
    try:
        words = next(csv.reader([clean_line(text)], skipinitialspace=True), [])
    except csv.Error as error:  # Too long.
        raise ValidationError("Write short texts with commas between them.") from error
    return [cleaned for word in words if (cleaned := clean_line(word))]


def _pair(item, between):
    colon = next((found for found in ESCAPED_OR_COLON.finditer(item) if found[0] == ":"), None)
    parts = (item[: colon.start()], item[colon.end() :]) if colon else ("", "")
    name, text = (clean_line(_unescaped(part, between)) for part in parts)
    if not name or not text:
        end = "like “Material: Oak”" if between == "\n" else f"with {between} before the next one"
        raise ValidationError(f"“{item:.60}” should read “name: value”, {end}.")
    return [name, text]


def _escaped(text, special):
    return re.sub(rf"[\\{re.escape(special)}]", r"\\\g<0>", clean_line(text))


def _unescaped(text, between):
    return re.sub(rf"\\([\\:{re.escape(between)}])", r"\1", text) if "\\" in text else text


def _quoted(word):
    word = clean_line(word)
    if "," not in word and '"' not in word:
        return word
    return '"' + word.replace('"', '""') + '"'


class PairsFormField(ProseFormField):
    """Pairs, one "name: value" to a line."""

    widget = forms.Textarea(attrs={"rows": 8, "cols": 60})

    def prepare_value(self, value):
        return show_pairs(value, "\n") if isinstance(value, list) else value

    def to_python(self, value):
        return read_pairs(super().to_python(value), "\n")


class WordsFormField(forms.CharField):
    """Short texts with commas between them, in quotes if they have a comma."""

    def prepare_value(self, value):
        return show_words(value) if isinstance(value, list) else value

    def to_python(self, value):
        return read_words(super().to_python(value))


class ListField(CleanField, models.JSONField):
    """The base of fields that hold a list and are edited as one text."""

    column = "JSONField"

    def from_db_value(self, value, expression, connection):
        return self.cleaned(models.JSONField.from_db_value(self, value, expression, connection))

    def formfield(self, **kwargs):
        # Skips JSONField's, which passes its decoder.
        return models.Field.formfield(
            self, **{"form_class": self.form_class, "show_hidden_initial": False} | kwargs
        )


class PairsField(ListField):
    """A list of [name, value], each a text of one line."""

    form_class = PairsFormField

    def cleaned(self, value):
        return [[clean_line(text) for text in pair] for pair in value] if are_pairs(value) else value

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if not are_pairs(value):
            raise ValidationError("This should be pairs of a name and a value.")
        if len(value) > MOST_PAIRS:
            raise ValidationError(f"There are {len(value)}; at most {MOST_PAIRS} can be kept.")
        for name, text in value:
            check_length(name, LONGEST_NAME)
            check_length(text, LONGEST_VALUE)


class WordsField(ListField):
    """A list of texts of one line."""

    form_class = WordsFormField

    def cleaned(self, value):
        return [clean_line(text) for text in value] if are_texts(value) else value

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if not are_texts(value):
            raise ValidationError("This should be a list of short texts.")
        if len(value) > MOST_WORDS:
            raise ValidationError(f"There are {len(value)}; at most {MOST_WORDS} can be kept.")
        for text in value:
            check_length(text, LONGEST_WORD)


def are_texts(value):
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def are_pairs(value):
    return isinstance(value, list) and all(are_texts(pair) and len(pair) == 2 for pair in value)


def check_length(text, longest):
    if len(text) > longest:
        raise ValidationError(f"“{text:.30}…” has {len(text)} letters; at most {longest} fit.")
