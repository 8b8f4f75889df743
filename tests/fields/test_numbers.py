"""Numbers as people and programs write them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.fields.numbers import CountField, MoneyField, PercentField, check_decimals, read_number

AMOUNTS = {
    "12,50": "12.50",
    "12.50": "12.50",
    "12": "12.00",
    " 12.5 ": "12.50",
    "1.250,00": "1250.00",
    "1,250.00": "1250.00",
    "1 250": "1250.00",
    "1\u00a0250,5": "1250.50",
    "1\u202f250": "1250.00",
    "1'250.00": "1250.00",
    "1’250.00": "1250.00",
    "1.250": "1250.00",
    "1,250": "1250.00",
    "1.250.000": "1250000.00",
    "0,25": "0.25",
    "0.250": "0.25",
    ",5": "0.50",
    "5.": "5.00",
    "00012": "12.00",
    "€ 12.50": "12.50",
    "€12.50": "12.50",
    "12,50 €": "12.50",
    "12.50 EUR": "12.50",
    "eur 12.50": "12.50",
    "１２．５０": "12.50",
    "１，２５０": "1250.00",
    "١٢٫٥": "12.50",
    "١٬٢٥٠٫٥": "1250.50",
    "१२.५०": "12.50",
}
NO_AMOUNTS = [
    *("1e5", "NaN", "Infinity", "-inf", "0x10", "0b1", "--1", "+-1", "1_000", "½", "12²", "²", "twelve"),
    *("12,5,0", "12..5", "1.250.00", "1,25,000", "1 25", "12.345,6.7", "12,345", "9" * 30, "9" * 3000),
    *("$12", "12 USD", "12 EUR EUR", "€", "12 %", "-", ".", "12-", "1\x0012", "<b>12</b>", "=1+1", "'"),
    *("100000000", "-0.01", "0.001"),
]


@pytest.mark.parametrize(("text", "amount"), AMOUNTS.items())
def test_amount_however_it_is_written(text, amount):
    assert str(MoneyField().clean(text)) == amount


@pytest.mark.parametrize("text", [text for text in NO_AMOUNTS if text != "12,345"])
def test_what_is_no_amount_gets_a_sentence(text):
    with pytest.raises(ValidationError) as error:
        MoneyField(min_value=0).clean(text)
    assert all(message.endswith((".", ".”")) for message in error.value.messages)


@pytest.mark.parametrize("text", ["1.250", "1,250", "12.345"])
def test_what_can_be_read_in_two_ways_is_asked(text):
    """A currency of three decimals, or a file that a program may have written."""
    with pytest.raises(ValidationError, match="can be read in two ways"):
        MoneyField(currency="KWD").clean(text)
    with pytest.raises(ValidationError, match="can be read in two ways"):
        read_number(text, is_typed=False)


@pytest.mark.parametrize(
    ("amount", "currency", "is_fine"),
    [("100", "JPY", True), ("99.50", "JPY", False), ("99.50", "EUR", True), ("10.25", "KWD", True)],
)
def test_amounts_are_as_fine_as_their_currency(amount, currency, is_fine):
    if is_fine:
        check_decimals(Decimal(amount), currency)
    else:
        with pytest.raises(ValidationError, match="Amounts in JPY have no decimals"):
            check_decimals(Decimal(amount), currency)


def test_counts_and_percents():
    assert [CountField().clean(text) for text in ("7", "1 250", "1.250", "5.0", "5,00", "٣")] == [
        *(7, 1250, 1250, 5, 5, 3)
    ]
    for text in ("1.5", "many", "1e3", "0x1"):
        with pytest.raises(ValidationError):
            CountField().clean(text)
    percents = {
        "12,5 %": "12.50",
        "-10%": "-10.00",
        "−10": "-10.00",
        "+5": "5.00",
        "٪5": "5.00",
        "5 ٪": "5.00",
    }
    assert {text: str(PercentField().clean(text)) for text in percents} == percents


def test_empty_is_nothing():
    for field in (MoneyField, PercentField, CountField):
        assert [field(required=False).clean(text) for text in ("", "  ", "\u00a0", None)] == [None] * 4


@given(
    amount=st.decimals(min_value=0, max_value=99_999_999, places=2),
    separators=st.sampled_from([",.", ".,", " .", " ,", "'.", "_"]),
)
@settings(deadline=None, max_examples=100)
def test_every_amount_comes_back(amount, separators):
    if separators == "_":
        text = f"{amount:.2f}"
    else:
        text = f"{amount:,.2f}".translate(str.maketrans(",.", separators))
    assert MoneyField().clean(text) == amount
    assert read_number(text, is_typed=False) == amount


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_any_text_is_a_number_or_gets_a_sentence(text):
    for field in (MoneyField(), PercentField(), CountField()):
        try:
            value = field.clean(text)
        except ValidationError as error:
            assert error.messages
        else:
            assert value == value
