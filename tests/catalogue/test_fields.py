import pytest
from django.core.exceptions import ValidationError

from shop.catalogue.fields import WordsField

field = WordsField(required=False)


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
        field.clean("a" * 200_000)
