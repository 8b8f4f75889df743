"""What axe-core finds wrong with a page."""

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# Colours do not depend on the width, nor the layout on colours: two of the four combinations try all.
SEEN_AS = [("light", 360), ("dark", 1280)]


def barriers(page):
    """Return axe-core's reports of the page as it is now, on a phone and on a wide, dark screen."""
    return [report for scheme, width in SEEN_AS for report in barriers_at(page, scheme, width)]


def barriers_at(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    results = Axe().run(page, options=OPTIONS)
    return [f"{scheme}, {width} px\n{results.generate_report()}"] if results.violations_count else []
