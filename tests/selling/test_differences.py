"""Texts are compared within bounds, however long they are."""

import pytest

from shop.selling.differences import Change


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 9000, "b a " * 4500),
        ("a b " * 4000, "a a b b " * 2000),
        ("\n".join(map(str, range(3000))), "\n".join(map(str, range(3000, 0, -1)))),
        ("x" * 20_000, "y" * 20_000),
        ("one two\n" * 20, "one three\n" * 20),
        ("", "new"),
    ],
)
def test_all_of_both_texts_is_shown(before, after):
    change = Change("description", "Description", before, after)
    assert "".join(text for text, _ in change.parts_before()) == before
    assert "".join(text for text, _ in change.parts_after()) == after
    assert any(is_new for _, is_new in change.parts_after())


def test_the_words_that_differ_are_marked():
    change = Change("description", "Description", "A tall vase of clay", "A round vase of clay")
    assert change.parts_after() == [("A ", False), ("round ", True), ("vase of clay", False)]
