from collections import Counter
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from shop.catalogue.templatetags.placeholders import placeholder, short_name


def product(pk=1, **fields):
    return SimpleNamespace(**{"pk": pk, "brand": "Kiln", "title": "Belly vase", "category_id": 7} | fields)


def text_of(svg):
    return ElementTree.fromstring(svg)[-1].text


def test_the_same_product_always_looks_the_same():
    assert placeholder(product()) == placeholder(product())


def test_a_page_of_products_has_every_composition_and_evenly():
    shapes = Counter(placeholder(product(pk)) for pk in range(600))
    assert len(shapes) == 6
    assert min(shapes.values()) > 60


def test_brands_have_palettes_of_their_own():
    palettes = {placeholder(product(brand=f"Brand {n}")).split('"')[1] for n in range(60)}
    assert palettes == {f"placeholder placeholder--{n}" for n in range(1, 7)}


@pytest.mark.parametrize("brand", ["Kiln", "<b>&amp;", 'A"B', "O'Neill & co", "Ångström", ""])
def test_it_is_valid_xml_that_fits_a_page_of_cards(brand):
    for pk in range(30):
        svg = placeholder(product(pk, brand=brand))
        root = ElementTree.fromstring(svg)
        assert root.attrib["viewBox"] == "0 0 400 400"
        assert root.attrib["aria-hidden"] == "true"
        assert len(svg.encode()) < 900


def test_no_part_of_it_needs_a_style_that_the_policy_forbids():
    assert "style" not in "".join(placeholder(product(pk)) for pk in range(30))


def test_the_brand_is_escaped_in_templates():
    template = Template("{% load placeholders %}{% placeholder product %}")
    svg = template.render(Context({"product": product(brand="<script>")}))
    assert "<script" not in svg
    assert text_of(svg) == "<script>"


def test_without_a_brand_it_bears_the_title():
    assert text_of(placeholder(product(brand=""))) == "Belly vase"


@pytest.mark.parametrize(
    ("brand", "shown"),
    [
        ("Saltmere", "Saltmere"),
        ("Loom  & Co", "Loom & Co"),
        ("Saltmere Ceramics and sons", "Saltmere"),
        ("Incomprehensibilities of the World", "IOT"),
        ("", ""),
    ],
)
def test_a_long_brand_is_shortened(brand, shown):
    assert short_name(brand) == shown
