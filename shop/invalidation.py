"""The map: which write clears which list, detail and review keys.

Every helper belongs inside `with clearing():` (see shop.caching.versions), beside the write it names.

    tag                 what shows it
    product:<slug>      the product's page
    products            home, every list of all products, feed, sitemap
    category:<path>     the category's page, related products
    seller:<slug>       the seller's page
    site                every page: category menu, names of categories and sellers
"""

from shop.caching.versions import clear


def product_state(product):
    """Return what public pages show of a product, as {tag: facts}; read it before a change, too."""
    if product is None or product.is_draft:
        return {}
    state = {f"product:{product.slug}": product.page_facts()}
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
    before, now = before or {}, product_state(product)
    clear(tag for tag in before.keys() | now.keys() if before.get(tag) != now.get(tag))


def category_state(category):
    """Return the tags of the pages that name a category."""
    return {f"category:{path}" for path in category.path_and_ancestors()}


def category_changed(category, before=()):
    """Clear everything that names a category: the menu is on every page (None: it is deleted)."""
    clear({"site", *before, *(category_state(category) if category else ())})


def seller_changed(seller):
    """Clear everything that names a seller: cards, product pages and their own."""
    clear({"site", f"seller:{seller.slug}"})
