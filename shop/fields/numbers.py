"""Numbers as people write them: decimal point or comma, thousands separators, digits of any script."""

import re
import unicodedata
from decimal import Decimal

from babel.numbers import get_currency_precision, get_currency_symbol
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

LONGEST = 40
WANTED, WHOLE = "Write a number like 12 or 12.50.", "Enter a whole number."
# Signs of various languages, and their ASCII equivalents.
SIGNS = str.maketrans("．，－＋％＇−﹣٫٬’٪", ".,-+%'--.''%")
PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]*))?|[.,]([0-9]+)")
GROUPED = re.compile(r"([0-9]{1,3}(?:([ '.,])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?")
MARKED = re.compile(r"([^0-9.,'+-]*)([+-]? *[0-9.,' ]*)([^0-9.,'+-]*)")


def read_number(text, places=2, is_typed=True):
    """Return a text as Decimal; raises ValidationError with a message that says what to write.

    places: the most decimals allowed. A single point or comma before three digits separates thousands
    (1.250 is 1250) if a person typed it and places < 3; otherwise it is ambiguous, as programs write
    1.250 for 1.25.
    """
    text = plain(text)
    sign, digits = (text[0], text[1:].strip()) if text[:1] in ("+", "-") else ("", text)
    whole, decimals = _parts(digits, is_typed and places < 3) or ("", "")
    if not whole:
        raise ValidationError(WANTED if places else WHOLE, code="invalid")
    if len(decimals.rstrip("0")) > places:
        message = f"Write at most {places} decimals." if places else WHOLE
        raise ValidationError(message, code="max_decimal_places")
    return Decimal(f"{sign}{whole}.{decimals[:places].ljust(places, '0')}")


def plain(text):
    """Return a text with ASCII digits and signs and single spaces; raises ValidationError."""
    if len(str(text)) > LONGEST:
        raise ValidationError("This number is too long.", code="invalid")
    digits = (str(unicodedata.decimal(letter, letter)) for letter in str(text).translate(SIGNS))
    return " ".join("".join(digits).split())


def _parts(digits, parts_thousands):
    """Return the digits before and after the decimal point, or None if it is not a number."""
    grouped, single = GROUPED.fullmatch(digits), PLAIN.fullmatch(digits)
    if grouped and not digits.startswith("0"):
        if single and single[2] and not parts_thousands:
            ways = f"{single[1]}{single[2]}, or {single[1]}.{single[2]}0"
            raise ValidationError(f"“{digits}” can be read in two ways. Write {ways}.", code="ambiguous")
        return re.sub("[^0-9]", "", grouped[1]), grouped[3] or ""
    if single:
        return single[1] or "0", single[2] or single[3] or ""
    return None


def decimals_of(currency):
    """Return the number of decimals of a currency: 2 for EUR, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def check_decimals(amount, currency):
    """Raise ValidationError for an amount with more decimals than its currency has."""
    places = decimals_of(currency)
    if amount is not None and amount != round(amount, places):
        decimals = f"at most {places} decimals" if places else "no decimals"
        raise ValidationError(f"Amounts in {currency} have {decimals}.", code="max_decimal_places")


class NumberInput(forms.TextInput):
    """An input for numbers in any notation, which the mouse wheel does not change."""

    def __init__(self, attrs=None, mode="decimal"):
        super().__init__({"inputmode": mode, "autocomplete": "off", "size": 10} | (attrs or {}))


class NumberField(forms.DecimalField):
    """A decimal number; is_typed: False if a program may have written it."""

    widget = NumberInput

    is_typed = True

    def __init__(self, *, widget=None, **kwargs):
        super().__init__(widget=without_wheel(widget, self.widget), **kwargs)

    def to_python(self, value):
        if value in self.empty_values or not plain(value):
            return None
        if isinstance(value, Decimal):
            return value
        return read_number(self.bare(plain(value)), self.places, self.is_typed)

    @property
    def places(self):
        return self.decimal_places

    def bare(self, text):
        """Return a text without the sign of its unit."""
        return text

    def widget_attrs(self, widget):
        return {}


class MoneyField(NumberField):
    """An amount of money, with or without the sign or code of its currency."""

    def __init__(self, *, currency=None, max_digits=10, decimal_places=2, **kwargs):
        self.currency = currency
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    @property
    def places(self):
        return max(self.decimal_places, decimals_of(self.currency or settings.DEFAULT_CURRENCY))

    def bare(self, text):
        currency = self.currency or settings.DEFAULT_CURRENCY
        if not self.is_typed:
            return text
        found = MARKED.fullmatch(text)
        marks = [mark.strip() for mark in (found.group(1, 3) if found else ()) if mark.strip()]
        if not marks:
            return text
        symbol = get_currency_symbol(currency, locale="en")
        if len(marks) > 1 or marks[0].upper() not in {currency, symbol, symbol[-1]}:
            raise ValidationError(f"Write an amount in {currency}, like 12.50 or 12,50.", code="invalid")
        return found[2].strip()


class PercentField(NumberField):
    """A percentage, with or without its sign."""

    def __init__(self, *, decimal_places=2, **kwargs):
        super().__init__(decimal_places=decimal_places, **kwargs)

    def bare(self, text):
        return text.removesuffix("%").removeprefix("%").strip()


class CountField(forms.IntegerField):
    """A whole number."""

    widget = NumberInput
    is_typed = True

    def __init__(self, *, widget=None, **kwargs):
        super().__init__(widget=without_wheel(widget, NumberInput(mode="numeric")), **kwargs)

    def to_python(self, value):
        if value in self.empty_values or not plain(value):
            return None
        return value if isinstance(value, int) else int(read_number(value, 0, self.is_typed))

    def widget_attrs(self, widget):
        return {}


def without_wheel(widget, otherwise):
    """Return a widget, or another one in place of a NumberInput, which the mouse wheel changes."""
    kind = widget if isinstance(widget, type) else type(widget)
    return otherwise if widget is None or issubclass(kind, forms.NumberInput) else widget
