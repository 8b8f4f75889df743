"""The map: which write clears which list, detail and review keys.

Every helper belongs inside `with clearing():` (see shop.caching.versions), beside the write it names.

    tag                 what shows it
    product:<slug>      the product's page
    products            home, every list of all products, feed, sitemap
    category:<path>     the category's page, related products
    seller:<slug>       the seller's page
    site                every page: category menu, names of categories and sellers
"""

from shop.caching.guard import cover
from shop.caching.versions import EVERYTHING, clear

# A shared page may read a table only if it has a tag of one of these kinds.
PRODUCT_TAGS = {"product", "products", "category", "seller"}
cover(
    {
        "catalogue_product": PRODUCT_TAGS,
        "catalogue_photo": PRODUCT_TAGS,
        "catalogue_variant": {"product"},
        "catalogue_category": {EVERYTHING},
        "accounts_seller": {EVERYTHING},
    }
)


class State(dict):
    """What public pages show of a subject: {tag: facts}."""

    def __init__(self, subject, facts=()):
        super().__init__(facts)
        self.subject = subject


def product_state(product):
    """Return the State of a product; read it before a change, too."""
    if product is None or product.is_draft:
        return State(product and product.cache_subject)
    state = State(product.cache_subject, {f"product:{product.slug}": product.page_facts()})
    if product.is_listed:
        card = product.card_facts()
        lists = ["products", f"seller:{product.seller.slug}"]
        lists += [f"category:{path}" for path in product.category.path_and_ancestors()]
        state |= dict.fromkeys(lists, card)
    return state


def product_changed(product, before=None):
    """Clear the pages on which a product looks different now (None: it is deleted).

    before: its product_state() as it was; nothing for a product that is new.
    """
    now = product_state(product)
    was = State(None) if before is None else before
    tags = {tag for tag in was.keys() | now.keys() if was.get(tag) != now.get(tag)}
    clear(tags, now.subject or was.subject)


def category_state(category):
    """Return the tags of the pages that name a category."""
    return {f"category:{path}" for path in category.path_and_ancestors()}


def category_changed(category, before=()):
    """Clear everything that names a category, as the menu is on every page; call it before a delete.

    before: its category_state() as it was; nothing for a category that is new.
    """
    clear({EVERYTHING, *before, *category_state(category)}, category.cache_subject)


def seller_changed(seller):
    """Clear everything that names a seller: cards, product pages, their own; call it before a delete."""
    clear({EVERYTHING, f"seller:{seller.slug}"}, seller.cache_subject)
