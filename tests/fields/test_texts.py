"""The one rule for texts that people type."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.catalogue.models import Product
from shop.fields.texts import LineFormField, ProseFormField, clean_line, clean_prose

ODD = "aé \u0301\u0315\u0344\u0316\u0958\u09c7\u09be\u202e\u202c\u2067\u2069\n\r\v\u2028"
ODD += "\u200b\ufeff\t\0\ud800\u3164\u200d"
INVISIBLE = "\u200b\u3164\u2800\u115f\u1160\uffa0\u00ad\u2060\ufeff\u180e\u00a0\u3000\u202e\u034f\ufe0f"
TEXTS = st.text(st.characters(), max_size=60) | st.text(ODD, max_size=60)


@pytest.mark.parametrize(
    ("typed", "line", "prose"),
    [
        ("Tall\vvase", "Tall vase", "Tall\nvase"),
        ("a\r\nb\rc\u2028d\u2029e\x85f", "a b c d e f", "a\nb\nc\nd\ne\nf"),
        ("Jug\0\x07\x1b\ud800\ufffe\ufdd0\U0001ffff\ufffc", "Jug", "Jug"),
        ("  two\t  spaces ", "two spaces", "two\t  spaces"),
        ("20\u00a0cm", "20\u00a0cm", "20\u00a0cm"),
        ("e\u0301", "é", "é"),
        ("\ufeffmark\u200b", "mark", "mark"),
        ("\u202enimda", "nimda", "nimda"),
        ("\u202eturned\u202c", "turned", "turned"),
        ("a \u2067שלום\u2069 b", "a \u2067שלום\u2069 b", "a \u2067שלום\u2069 b"),
        ("a \u2067b\nc\u2069", "a b c", "a b\nc"),
        ("👩\u200d👩\u200d👧 ❤\ufe0f", "👩\u200d👩\u200d👧 ❤\ufe0f", "👩\u200d👩\u200d👧 ❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"),
        ("x" + "\u0315\u0300" * 1000, "x" + "\u0300" * 4 + "\u0315" * 4, "x" + "\u0300" * 4 + "\u0315" * 4),
    ],
)
def test_what_is_kept_of_a_text(typed, line, prose):
    assert (clean_line(typed), clean_prose(typed)) == (line, prose)


@pytest.mark.parametrize("nothing", [*INVISIBLE, "\u200b \u2800\n"])
def test_what_shows_nothing_is_empty(nothing):
    for field in (LineFormField(), ProseFormField()):
        with pytest.raises(ValidationError, match="required"):
            field.clean(nothing)
    with pytest.raises(ValidationError, match="blank"):
        Product._meta.get_field("title").clean(nothing, None)


@settings(deadline=None, max_examples=100)
@given(TEXTS)
def test_clean_texts_stay_as_they_are_and_can_be_written_anywhere(text):
    for clean in (clean_line, clean_prose):
        once = clean(text)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in once)
    assert clean_line(clean_prose(text)) == clean_line(text).strip()
    assert "\n" not in clean_line(text)


def test_line_ends_count_as_one_letter_wherever_they_come_from():
    text = "a\r\n" * 2499 + "a"
    assert len(ProseFormField(max_length=4999).clean(text)) == 4999
    assert Product._meta.get_field("care").clean(text, None) == text.replace("\r\n", "\n")
    with pytest.raises(ValidationError, match="4998"):
        ProseFormField(max_length=4998).clean(text)


@pytest.mark.parametrize("letters", ["\u0315\u0300", "\u202e", "\u2067\u2069", "\n ", "\u200b "])
def test_long_texts_take_no_longer_than_they_are(letters):
    """Each took the square of its length, or would: minutes."""
    assert len(clean_line(letters * 100_000)) <= 200_000
