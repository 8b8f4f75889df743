"""Merging what two people made of one content: nothing that was typed is lost, whoever saves first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.selling.differences import changes
from shop.selling.form_data import TEXTS, VARIANT
from shop.selling.merging import SOLD, merged, moved_stock

KEYS = ("1", "2", "3")
NEW = ("new-mine", "new-theirs")


def row(key, **values):
    return dict.fromkeys(VARIANT, "") | values | {"key": key}


def content(variants=(), photos=(), specifications=(), **texts):
    rows = {"variants": list(variants), "photos": list(photos), "specifications": list(specifications)}
    return dict.fromkeys(TEXTS, "") | texts | rows


def keys_of(content, kind="variants"):
    return [row["key"] for row in content[kind]]


rows = st.fixed_dictionaries({"price": st.sampled_from(["1.00", "2.00"]), "sku": st.sampled_from("AB")})


@st.composite
def contents(draw, keys=KEYS):
    """Return a content with some rows in some order."""
    order = draw(st.permutations(draw(st.lists(st.sampled_from(keys), unique=True))))
    return content(
        [row(key, **draw(rows)) for key in order],
        title=draw(st.sampled_from("ABC")),
        care=draw(st.sampled_from("ABC")),
        specifications=draw(st.sampled_from([[], [{"name": "Glaze", "value": "Ash"}]])),
    )


def facts(content):
    """Return {place: value} of all that somebody can type, and which rows there are."""
    found = {name: content[name] for name in TEXTS}
    found["specifications"] = content["specifications"]
    for one in content["variants"]:
        found[one["key"]] = "there"
        found |= {(one["key"], name): value for name, value in one.items()}
    return found


def touched(base, content):
    """Return the places that somebody changed, a row's with the row that is gone."""
    was, now = facts(base), facts(content)
    return {place for place in was.keys() | now.keys() if was.get(place) != now.get(place)}


@st.composite
def edits_of_different_places(draw):
    """Return a content, and what two people make of it, each in places of their own."""
    base = draw(contents())
    made = [dict(base), dict(base)]
    for name in ("title", "care"):
        made[draw(st.booleans())][name] = draw(st.sampled_from("ABC"))
    for key in keys_of(base):
        who, values = made[draw(st.booleans())], draw(st.none() | rows)
        edited = [one if one["key"] != key else values and one | values for one in who["variants"]]
        who["variants"] = [one for one in edited if one]
    for who, key in zip(made, NEW, strict=True):
        if draw(st.booleans()):
            who["variants"] = [*who["variants"], row(key, **draw(rows))]
    return base, *made


@settings(deadline=None, max_examples=100)
@given(edits_of_different_places())
def test_changes_of_different_places_are_all_kept_whoever_saves_first(edits):
    base, mine, theirs = edits
    first, second = facts(merged(base, theirs, mine)), facts(merged(base, mine, theirs))
    assert first == second
    for somebody in (theirs, mine):
        now = facts(somebody)
        assert all(first.get(place) == now.get(place) for place in touched(base, somebody))


@settings(deadline=None, max_examples=100)
@given(contents(), contents((*KEYS, NEW[1])), contents((*KEYS, NEW[0])))
def test_nothing_typed_is_lost_but_where_both_typed(base, theirs, mine):
    found, now, other = facts(merged(base, theirs, mine)), facts(mine), facts(theirs)
    for place in touched(base, mine) & now.keys():
        assert found[place] == now[place]
    for place in touched(base, theirs) & other.keys() - touched(base, mine):
        assert found[place] == other[place]
    if is_reordered(base, mine):
        both = found.keys() & now.keys()
        order = [key for key in keys_of(merged(base, theirs, mine)) if key in both]
        assert order == [key for key in keys_of(mine) if key in both]


def is_reordered(base, other):
    common = set(keys_of(base)) & set(keys_of(other))
    orders = [[key for key in keys_of(one) if key in common] for one in (base, other)]
    return orders[0] != orders[1]


@settings(deadline=None, max_examples=50)
@given(contents(), contents())
def test_who_changed_nothing_gets_what_the_other_made(base, other):
    assert merged(base, other, base) == other
    assert merged(base, base, other) == other
    assert merged(base, other, other) == other


SMALL, LARGE = row("1", price="30.00", stock="5"), row("2", price="50.00", stock="5")
BASE = content([SMALL, LARGE])


@pytest.mark.parametrize(
    ("theirs", "mine", "left"),
    [
        ([SMALL | {"price": "31.00"}, LARGE], [LARGE], ["1", "2"]),
        ([LARGE], [SMALL | {"price": "31.00"}, LARGE], ["1", "2"]),
        ([SMALL, LARGE], [LARGE], ["2"]),
        ([LARGE], [SMALL, LARGE], ["2"]),
        ([LARGE], [LARGE], ["2"]),
        # That some were sold in between is nothing that anybody typed.
        ([SMALL | {"stock": "4"}, LARGE], [LARGE], ["2"]),
        ([LARGE], [SMALL | {"stock": "9"}, LARGE], ["1", "2"]),
    ],
)
def test_row_that_one_removed_stays_if_the_other_typed_into_it(theirs, mine, left):
    assert keys_of(merged(BASE, content(theirs), content(mine))) == left


@pytest.mark.parametrize(
    ("theirs", "mine", "order"),
    [
        (["2", "1"], ["1", "2"], ["2", "1"]),
        (["1", "2"], ["2", "1"], ["2", "1"]),
        (["2", "1"], ["1", "2", "new"], ["2", "1", "new"]),
        (["2", "1"], ["new", "1", "2"], ["new", "1", "2"]),
        (["2", "1", "3"], ["2"], ["2", "3"]),
        (["1", "2", "theirs"], ["2", "1", "mine"], ["2", "1", "mine", "theirs"]),
    ],
)
def test_order_is_that_of_whoever_changed_it_and_mine_if_both_did(theirs, mine, order):
    base, theirs, mine = (
        content(photos=[{"key": key, "alt": ""} for key in keys]) for keys in ("12", theirs, mine)
    )
    assert keys_of(merged(base, theirs, mine), "photos") == order


def test_stock_is_the_one_thing_that_sales_change():
    assert {"stock"} == SOLD


@pytest.mark.django_db
def test_change_of_a_row_that_i_removed_is_shown_as_one():
    theirs, mine = content([SMALL | {"price": "31.00"}, LARGE]), content([LARGE])
    shown = {
        change.name: (change.before, change.after, change.mine) for change in changes(BASE, theirs, mine)
    }
    assert shown == {"1:price": ("30.00", "31.00", "removed")}


# what the form had, what the product has now, what was typed: what is saved, None if it cannot be
STOCKS = [
    (("5", "5", "7"), "7"),
    (("5", "3", "5"), "3"),
    (("5", "3", "3"), "3"),
    (("5", "3", "7"), "5"),
    (("5", "9", "0"), "4"),
    (("5", "0", "4"), None),
    (("5", "4", "4.5"), None),
    (("5", "9", "-1"), None),
    (("5", "9", "many"), None),
    (("5", "4", "many"), None),
]


@pytest.mark.parametrize(("stocks", "saved"), STOCKS)
def test_stock_that_was_typed_is_a_change_of_what_is_there_now(stocks, saved):
    assert moved_stock(*stocks) == saved
    base, theirs, mine = ({"key": "1", "stock": stock, "price": "9"} for stock in stocks)
    (row,) = merged(*(content([row]) for row in (base, theirs, mine)))["variants"]
    assert row == {"key": "1", "stock": saved or stocks[2], "price": "9"}
