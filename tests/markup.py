"""Pages as the parser of the HTML standard reads them."""

import html5lib
from django.urls import reverse


class Markup:
    """A parsed page or fragment: what the HTML standard's parser makes of it, and its complaints."""

    def __init__(self, html, is_fragment=False):
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.tree = parser.parseFragment(html) if is_fragment else parser.parse(html)
        self.errors = [f"{error} {details} at {position}" for position, error, details in parser.errors]

    def all(self, *names):
        return [element for element in self.tree.iter() if element.tag in names]

    def having(self, attribute):
        return [element for element in self.tree.iter() if attribute in element.attrib]

    def addresses(self):
        """Return what the page links to, loads, and offers for sharing."""
        named = [element.get(name) for name in ("href", "src") for element in self.having(name)]
        return named + [meta.get("content") for meta in self.having("property")]


def ways_without_htmx(element):
    if element.tag in ("a", "form"):
        return [element.get("href" if element.tag == "a" else "action")]
    if element.get("aria-controls") == "suggestions":
        # What is typed is suggested for; without htmx the field's form searches for it.
        return [element.get("hx-get")]
    links = [link.get("href") for link in element.iter("a")]
    # The panel shows staff how the page was made, and is no part of the shop.
    return [*links, reverse("cache_panel")] if element.get("id") == "staff-panel" else links
