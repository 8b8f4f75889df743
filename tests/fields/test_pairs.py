import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop.fields.pairs import PairsField, WordsField, WordsFormField, read_pairs, show_pairs
from shop.fields.texts import clean_line, clean_prose

field = WordsFormField(required=False)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["Oak"],
        ["Large", "Oat"],
        ["Small, 22 cm", "Oat"],
        ['5" pot', "Oat"],
        ['the "best"', 'a, "b"'],
        ['"'],
    ],
)
def test_words_come_back_as_they_were_shown(words):
    assert field.clean(field.prepare_value(words)) == words


@pytest.mark.parametrize("typed", ["Large,Oat", " Large ,  Oat ,", '"Large",Oat', "Large,\nOat"])
def test_words_are_told_apart_by_commas(typed):
    assert field.clean(typed) == ["Large", "Oat"]


def test_endless_word_is_a_mistake():
    with pytest.raises(ValidationError, match="short texts"):
        field.clean("a" * 2_000_000)


LINES = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\|:,\"' \n\r=;"), max_size=12
).map(clean_line)
PAIRS = st.lists(st.lists(LINES.filter(bool), min_size=2, max_size=2), max_size=4)


@given(PAIRS, st.sampled_from("|\n"))
@example([["Size: inner", "a|b"], ["a\\", "\\"], ["\\|", ":"]], "|")
@example([["Size: inner", "C:\\Temp\\"], ["\\:", "|"]], "\n")
@settings(deadline=None, max_examples=100)
def test_pairs_come_back_as_they_were(pairs, between):
    assert read_pairs(clean_prose(show_pairs(pairs, between)), between) == pairs


@given(st.lists(LINES.filter(bool), max_size=3))
@settings(deadline=None, max_examples=100)
def test_any_words_come_back_as_they_were(words):
    assert field.clean(field.prepare_value(words)) == words


@pytest.mark.parametrize("typed", ["Material", ": Oak", "Material:", "a\\: b"])
def test_what_is_no_pair_is_a_mistake(typed):
    with pytest.raises(ValidationError, match="name: value"):
        read_pairs(typed)


@pytest.mark.parametrize(
    ("model_field", "value", "complaint"),
    [
        (PairsField(), [["x" * 61, "y"]], "61 letters; at most 60 fit"),
        (PairsField(), [["x", "y" * 301]], "301 letters; at most 300 fit"),
        (PairsField(), [["x", "y"]] * 61, "at most 60 can be kept"),
        (PairsField(), [["x"]], "pairs of a name and a value"),
        (WordsField(), ["x" * 61], "61 letters; at most 60 fit"),
        (WordsField(), ["x", "y", "z", "w"], "at most 3 can be kept"),
        (WordsField(), "x", "list of short texts"),
    ],
)
def test_limits_of_lists_are_told(model_field, value, complaint):
    with pytest.raises(ValidationError, match=complaint):
        model_field.clean(value, None)
