"""Form fields for the lists that products keep: what people type instead of JSON."""

import csv

from django import forms


class PairsField(forms.CharField):
    """Pairs of texts, one "name: value" to a line."""

    widget = forms.Textarea(attrs={"rows": 8, "cols": 60})

    def prepare_value(self, value):
        return "\n".join(f"{name}: {text}" for name, text in value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = [line.strip() for line in super().to_python(value).splitlines()]
        return [self._pair(number, line) for number, line in enumerate(lines, 1) if line]

    def _pair(self, number, line):
        name, _, text = line.partition(":")
        if not name.strip() or not text.strip():
            raise forms.ValidationError(f"Line {number} should read “name: value”, like “Material: Oak”.")
        return [name.strip(), text.strip()]


class WordsField(forms.CharField):
    """Different short texts, with commas between them; one that has a comma itself is in quotes."""

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return ", ".join(map(quoted, value))

    def to_python(self, value):
        line = " ".join(super().to_python(value).split())
        try:
            words = next(csv.reader([line], skipinitialspace=True), [])
        except csv.Error as error:  # Longer than anybody types.
            raise forms.ValidationError("Write short texts with commas between them.") from error
        return [word.strip() for word in words if word.strip()]


def quoted(word):
    if "," not in word and '"' not in word:
        return word
    return '"' + word.replace('"', '""') + '"'
