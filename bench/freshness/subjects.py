"""The shop that is watched: its subjects, the versions that they show, and the pages that show them.

A version is a number that only grows and that the page itself shows: "Item 17 v42" is the 42nd title
of product 17, and €17,000.42 its 42nd price. Whatever place of a page names a subject is read.
"""

import re
from dataclasses import dataclass

PRODUCTS, SELLERS, CATEGORIES, ROOTS = 200, 5, 10, 3

# Each number that is watched has a slot.
TITLE = 0
PRICE = TITLE + PRODUCTS
STATE = PRICE + PRODUCTS
SELLER = STATE + PRODUCTS
CATEGORY = SELLER + SELLERS
REPLY = CATEGORY + CATEGORIES
VERDICT = REPLY + PRODUCTS
SLOTS = VERDICT + PRODUCTS

# The staff who write sell what the first seller makes. Each of these products has a review that is
# answered again and again, and one that is shown and taken away again, which counts on every card.
OWN_SELLER = 0
REVIEWED = range(OWN_SELLER, PRODUCTS, SELLERS)

# Movers are archived and listed again, and wander between two small categories: (category, is listed).
MOVERS = range(24, PRODUCTS, 25)
STATES = [(8, True), (8, False), (8, True), (9, True), (9, False), (9, True)]
SMALL = (8, 9)

FIRST_SLOTS = {b"Item": TITLE, b"Maker": SELLER, b"Shelf": CATEGORY, b"Reply": REPLY}
NAMED = re.compile(rb"(Item|Maker|Shelf|Reply)(?: |%20)(\d+)(?: |%20)v(\d+)")
PRICED = re.compile("€".encode() + rb'([\d,]+)\.(\d\d)|"price": "(\d+)\.(\d\d)"')
LINKED = re.compile(rb'card__link" href="/products/item-(\d+)/"')
ARCHIVED = b"No longer sold."
CARD_RATING = re.compile(
    rb'card__link" href="/products/item-(\d+)/"(?:(?!</article>).)*?stars__count">(\S+) ', re.DOTALL
)
PAGE_RATING = re.compile(rb'rating-summary__average">(\S+)<')


def title(product, version):
    return f"Item {product} v{version}"


def price(product, version):
    return f"{product * 1000 + version // 100}.{version % 100:02d}"


def seller_name(seller, version):
    return f"Maker {seller} v{version}"


def category_name(category, version):
    return f"Shelf {category} v{version}"


def state(version):
    """Return (category, is listed) of a mover in a version of its state."""
    return STATES[version % len(STATES)]


def reply(product, version):
    return f"Reply {product} v{version}"


def verdict(version):
    """Return whether a product's second review is shown in a version of the verdict on it."""
    return version % 2 == 0


def rating(version):
    """Return what a product's stars are worth: one review gives one star, the second, if shown, five."""
    return b"3.0" if verdict(version) else b"1.0"


def seller_of(product):
    return product % SELLERS


def category_of(product):
    if product in MOVERS:
        return state(0)[0]
    if product % 20 == 7:
        return SMALL[product // 20 % 2]
    return ROOTS + product // SELLERS % (CATEGORIES - ROOTS - len(SMALL))


def path_of(category):
    return f"shelf-{category}" if category < ROOTS else f"shelf-{category % ROOTS}/shelf-{category}"


def versions_in(body):
    """Return {slot: the oldest version of it that a page shows anywhere}."""
    seen = {}
    for word, number, version in NAMED.findall(body):
        keep_oldest(seen, FIRST_SLOTS[word] + int(number), int(version))
    for groups in PRICED.findall(body):
        whole, cents = (group for group in groups if group)
        product, hundreds = divmod(int(whole.replace(b",", b"")), 1000)
        keep_oldest(seen, PRICE + product, hundreds * 100 + int(cents))
    return seen


def keep_oldest(seen, slot, version):
    seen[slot] = min(version, seen.get(slot, version))


def ratings_in(body, page):
    """Return {product: the rating that a page shows}."""
    ratings = {int(product): shown for product, shown in CARD_RATING.findall(body)}
    if shown := page.kind in ("detail", "reviews") and PAGE_RATING.search(body):
        ratings[page.subject] = shown[1]
    return ratings


@dataclass(frozen=True)
class Page:
    """An address that readers ask for."""

    kind: str
    url: str
    subject: int | None = None

    def request(self, generator):
        """Return a request for the page, spelt in its own way one time in four."""
        url, encoding = self.url, "Accept-Encoding: gzip\r\n"
        if generator.random() < 0.25:
            url, encoding = spelt(url, generator), generator.choice(["", encoding])
        htmx = "HX-Request: true\r\n" if self.kind == "fragment" else ""
        return f"GET {url} HTTP/1.1\r\nHost: 127.0.0.1\r\n{encoding}{htmx}\r\n".encode()


def spelt(url, generator):
    """Return another address of a page: its numbers spelt otherwise, its order, and names of no meaning."""
    path, _, query = url.partition("?")
    parameters = query.replace("page=", "page=0").split("&") if query else []
    parameters += [f"utm_source={generator.randrange(9)}", f"ref={generator.randrange(9)}"]
    generator.shuffle(parameters)
    return f"{path}?{'&'.join(parameters)}"


def shared_pages():
    """Return the pages that show many subjects."""
    lists = [
        "/products/",
        "/products/?sort=-price",
        "/products/?sort=rating",
        "/products/?page=2",
        "/products/?seller=maker-4",
    ]
    return [
        Page("home", "/"),
        Page("feed", "/feed.xml"),
        *(Page("list", url) for url in lists),
        *(Page("fragment", url) for url in lists[:2]),
        *(Page("search", f"/products/?q={words}") for words in ("item", "item+17", "maker+4")),
        *(category_page(category) for category in range(CATEGORIES)),
        *(seller_page(seller) for seller in range(SELLERS)),
    ]


def category_page(category):
    return Page("category", f"/categories/{path_of(category)}/", category)


def seller_page(seller):
    return Page("seller", f"/sellers/maker-{seller}/", seller)


def detail_page(product):
    return Page("detail", f"/products/item-{product}/", product)


def reviews_page(product):
    return Page("reviews", f"/products/item-{product}/reviews/", product)


def related_page(product):
    path = path_of(category_of(product))
    return Page("related", f"/categories/{path}/related/item-{product}/", product)


def pages_of(product):
    """Return the pages that are likely to show a product."""
    categories = SMALL if product in MOVERS else [category_of(product)]
    pages = [detail_page(product), seller_page(seller_of(product))]
    pages += [category_page(category) for category in categories]
    pages += [category_page(category % ROOTS) for category in categories]
    return pages + [reviews_page(product)] * (product in REVIEWED)
