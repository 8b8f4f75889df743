"""How far a page hangs over the side of the screen."""

WIDTHS = [320, 360, 768, 1280, 1920, 2560]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def overflows(page):
    return [width for width in WIDTHS if overflow(page, width) > 0]


def overflow(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate(OVERFLOW)
