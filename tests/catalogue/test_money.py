from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.templatetags.catalogue import money

amounts = st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2)


@given(amount=amounts, currency=st.sampled_from(["EUR", "USD", "GBP", "CHF", "JPY", "KWD", "SEK"]))
def test_money_is_written_as_babel_writes_it(amount, currency):
    assert money(amount, currency) == format_currency(amount, currency, locale="en")


@pytest.mark.parametrize("amount", [1250, "1250", Decimal("1250.00")])
def test_whole_amounts_and_texts_are_money_too(amount):
    assert money(amount, "EUR") == "€1,250.00"
