"""The map: which write clears which list, detail and review keys.

Every helper belongs inside `with clearing():` (see shop.caching.versions), beside the write it names.

    tag                  what shows it
    product:<slug>       the product's page
    reviews:<slug>       the product's page and the page with its reviews
    card:<slug>          every page with a card of the product
    products             which products there are, and their order by age: home, lists, feed, sitemap
    category:<path>      the same of a category and its descendants: its page, related products
    seller:<slug>        the same of a seller: their page
    sellers              which sellers there are: their sitemap, a list narrowed to some, the makers on home
    products.price       what lists of these products need to know as well if they narrow or sort
      .stock .rating     by it, or home for its shelves; category:<path>.price and so on alike
      .band .stars       (the price and the rating as filters count them)
      .title .words      (what a search looks through: title, brand, description, specifications)
      .specifications .pictures .reduced
    site                 every page: category menu, names of categories and sellers
"""

from django.db.models import CharField, Value
from django.db.models.functions import Concat

from shop.caching.reads import cover
from shop.caching.versions import EVERYTHING, clear, read_versions_of

# A shared page may read a table only if it has a tag of one of these kinds.
PRODUCT_TAGS = {"product", "products", "category", "seller", "reviews"}
cover(
    {
        "catalogue_product": PRODUCT_TAGS,
        "catalogue_photo": {"product", "card", "products.pictures", "reviews"},
        "catalogue_variant": {"product"},
        "catalogue_category": {EVERYTHING},
        "browse_tally": {"products", "category"},
        "browse_pair": {"products.specifications", "category"},
        "browse_entry": {"products.words", "category"},
        "browse_index": {"products.words", "category"},
        "browse_word": {"products.words", "category"},
        "accounts_seller": {EVERYTHING},
        "reviews_review": {"reviews"},
        "reviews_reviewphoto": {"reviews"},
    },
    of_lists={"accounts_seller": {"sellers", "seller"}},
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
    state = State(
        product.cache_subject,
        {
            f"product:{product.slug}": product.page_facts(),
            f"reviews:{product.slug}": product.reviews_facts(),
        },
    )
    if product.is_listed:
        lists = ["products", f"seller:{product.seller.slug}"]
        lists += [f"category:{path}" for path in product.category.path_and_ancestors()]
        facts = product.list_facts()
        state |= {f"{tag}{aspect}": fact for tag in lists for aspect, fact in facts.items()}
        state[f"card:{product.slug}"] = product.card_facts()
    return state


def card_versions(products):
    """Return the Versions of the cards of some products (a queryset)."""
    return read_versions_of(products, Concat(Value("card:"), "slug", output_field=CharField()))


def product_changed(product, before=None):
    """Clear the pages on which a product looks different now (None: it is deleted).

    before: its product_state() as it was; nothing for a product that is new.
    """
    now = product_state(product)
    was = State(None) if before is None else before
    tags = {tag for tag in was.keys() | now.keys() if was.get(tag) != now.get(tag)}
    # Who depends on an aspect of a list depends on the list itself, too.
    tags -= {tag for tag in tags if "." in tag and tag.partition(".")[0] in tags}
    clear(tags, now.subject or was.subject)


def reviews_changed(product, is_visible=True):
    """Clear the pages that show a product's reviews.

    is_visible: whether they look different now; not if the review still waits.
    """
    clear([f"reviews:{product.slug}"] if is_visible else [], ("reviews", product.pk))


def category_state(category):
    """Return the tags of the pages that name a category."""
    return {f"category:{path}" for path in category.path_and_ancestors()}


def category_changed(category, before=()):
    """Clear everything that names a category, as the menu is on every page; call it before a delete.

    before: its category_state() as it was; nothing for a category that is new.
    """
    clear({EVERYTHING, *before, *category_state(category)}, category.cache_subject)


def seller_state(seller):
    """Return the State of a seller; read it before a change, too."""
    facts = {f"seller:{seller.slug}": seller.page_facts(), EVERYTHING: seller.facts_elsewhere()}
    return State(seller.cache_subject, facts)


def seller_changed(seller, before=None):
    """Clear the pages on which a seller looks different now; call it before a delete.

    before: its seller_state() as it was; without it, everything that names a seller is cleared.
    """
    was = before or {}
    now = seller_state(seller)
    clear({tag for tag in was.keys() | now.keys() if was.get(tag) != now.get(tag)}, now.subject)


def seller_opened(seller):
    """Clear the page of a seller who is new, and those that list sellers: no other page names them yet."""
    clear({f"seller:{seller.slug}", "sellers"}, seller.cache_subject)
