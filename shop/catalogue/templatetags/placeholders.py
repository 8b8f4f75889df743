"""The placeholder of a product without photos: calm shapes, and its brand."""

import zlib

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

PALETTES = 6
LONGEST_NAME = 15

# All stand on the lower edge and leave the upper left corner to the brand. The tones are
# coloured by placeholder.css: 1 the palette's own, 2 deep, 3 its companion, 4 light.
COMPOSITIONS = [
    # A hearth: arches inside each other.
    """<path class="tone-1" d="M70 400V250a130 130 0 0 1 260 0v150z"/>
    <path class="tone-4" d="M110 400V250a90 90 0 0 1 180 0v150z"/>
    <path class="tone-2" d="M150 400V250a50 50 0 0 1 100 0v150z"/>
    <circle class="tone-3" cx="200" cy="364" r="36"/>""",
    # A shelf with a bowl, a tall arch and a ball.
    """<path class="tone-1" d="M0 320h400v80H0z"/>
    <path class="tone-2" d="M40 236h132a66 84 0 0 1-132 0z"/>
    <path class="tone-4" d="M200 320V184a46 46 0 0 1 92 0v136z"/>
    <circle class="tone-3" cx="338" cy="280" r="40"/>""",
    # A sun behind a hill.
    """<circle class="tone-3" cx="272" cy="204" r="76"/>
    <path class="tone-1" d="M-40 400a190 170 0 0 1 380 0z"/>
    <path class="tone-2" d="M180 400a140 120 0 0 1 280 0z"/>""",
    # An arcade of three heights.
    """<path class="tone-1" d="M32 400V318a56 56 0 0 1 112 0v82z"/>
    <path class="tone-3" d="M144 400V236a56 56 0 0 1 112 0v164z"/>
    <path class="tone-2" d="M256 400V176a56 56 0 0 1 112 0v224z"/>
    <path class="tone-4" d="M284 400V182a28 28 0 0 1 56 0v218z"/>""",
    # Quarters of circles, as on tiles.
    """<path class="tone-1" d="M0 266h134v134A134 134 0 0 1 0 266z"/>
    <path class="tone-4" d="M134 400V266a133 134 0 0 1 133 134z"/>
    <path class="tone-2" d="M267 266h133v134a133 134 0 0 1-133-134z"/>
    <path class="tone-1" d="M400 133v133H267a133 133 0 0 1 133-133z"/>
    <circle class="tone-3" cx="200" cy="200" r="66"/>""",
    # Bowls in a pile.
    """<path class="tone-2" d="M64 288h272a136 112 0 0 1-272 0z"/>
    <path class="tone-1" d="M92 214h216a108 74 0 0 1-216 0z"/>
    <path class="tone-3" d="M124 158h152a76 56 0 0 1-152 0z"/>""",
]
COMPOSITIONS = [mark_safe("".join(map(str.strip, shapes.splitlines()))) for shapes in COMPOSITIONS]  # noqa: S308


@register.simple_tag
def placeholder(product):
    """Draw a product's picture: coloured after its brand and category, composed after its key."""
    palette = _choose(f"{product.brand}/{product.category_id}", PALETTES) + 1
    return format_html(
        '<svg class="placeholder placeholder--{}" viewBox="0 0 400 400" aria-hidden="true" focusable="false">'
        '{}<text class="placeholder__name" x="32" y="72">{}</text></svg>',
        palette,
        COMPOSITIONS[_choose(product.pk, len(COMPOSITIONS))],
        short_name(product.brand or product.title),
    )


def short_name(brand):
    """Return a brand, or as much of it as fits: its first word, or its initials."""
    words = brand.split()
    if len(" ".join(words)) <= LONGEST_NAME:
        return " ".join(words)
    if len(words[0]) <= LONGEST_NAME:
        return words[0]
    return "".join(word[0] for word in words[:3]).upper()


def _choose(key, count):
    """Return a number below count, the same for a key in every process."""
    return zlib.crc32(str(key).encode()) % count
