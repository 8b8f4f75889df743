"""The map: which write clears which list, detail and review keys.

Each function returns {tag: facts} of a row: a write clears the tags whose facts are others than before,
as shop.caching.tracking finds out. A new dependency of a page is a new fact, or a new tag, here.

    tag                  what shows it
    product:<slug>       the product's page
    reviews:<slug>       the product's page and the page with its reviews
    card:<slug>          every page with a card of the product
    products             which products there are, and their order by age: home, lists, feed, sitemap
    category:<path>      the same of a category and its descendants: its page, related products
    seller:<slug>        the same of a seller: their page
    sellers              which sellers there are: their sitemap, a list narrowed to some, the makers on home
                         (a seller's name is a fact of the cards, pages and lists of their products, too)
    products.price       what lists of these products need to know as well if they narrow or sort
      .stock .rating     by it, or home for its shelves; category:<path>.price and so on alike
      .band .stars       (the price and the rating as filters count them)
      .title .words      (what a search looks through: title, brand, description, specifications)
      .specifications .pictures .reduced
    site                 every page: category menu, names of categories
"""

from django.db.models import CharField, Value
from django.db.models.functions import Concat

from shop.caching.reads import cover
from shop.caching.versions import SITE, read_versions_of

# A shared page may read a table only if it has a tag of one of these kinds.
PRODUCT_TAGS = {"product", "products", "category", "seller", "reviews"}
cover(
    {
        "catalogue_product": PRODUCT_TAGS,
        "catalogue_photo": {"product", "card", "products.pictures", "reviews"},
        "catalogue_variant": {"product"},
        "catalogue_category": {SITE},
        "browse_tally": {"products", "category"},
        "browse_pair": {"products.specifications", "category"},
        "browse_entry": {"products.words", "category"},
        "browse_index": {"products.words", "category"},
        "browse_word": {"products.words", "category"},
        "sellers_seller": PRODUCT_TAGS | {"card", "sellers"},
        "reviews_review": {"reviews"},
        "reviews_reviewphoto": {"reviews"},
    },
    of_lists={"sellers_seller": {"sellers", "seller"}},
)


def tags_of_product(product):
    """Return what pages show of a product: nothing of a draft."""
    if product.is_draft:
        return {}
    tags = {
        f"product:{product.slug}": product.page_facts(),
        f"reviews:{product.slug}": product.reviews_facts(),
    }
    if product.is_listed:
        lists = lists_with(product.seller.slug, product.category.path)
        facts = product.list_facts()
        tags |= {f"{tag}{aspect}": fact for tag in lists for aspect, fact in facts.items()}
        tags[f"card:{product.slug}"] = product.card_facts()
    return tags


def tags_of_seller(seller):
    """Return what pages show of a seller: their own page, and what their products are shown on."""
    tags = {f"seller:{seller.slug}": seller.facts(), "sellers": seller.facts(but=seller.not_in_lists)}
    products = seller.products.public().values_list("slug", "status", "category__path")
    for slug, status, path in products:
        tags[f"product:{slug}"] = seller.facts(but=seller.not_on_products)
        tags[f"card:{slug}"] = tags[f"reviews:{slug}"] = seller.facts(but=seller.not_on_cards)
        if status == "listed":
            # Lists offer their sellers as filters.
            lists = lists_with(seller.slug, path) - {f"seller:{seller.slug}"}
            tags |= dict.fromkeys(lists, seller.facts(but=seller.not_on_cards))
    return tags


def tags_of_category(category):
    """Return what pages show of a category: all of them, the menu, and its own, its introduction, too."""
    return {
        SITE: category.facts(but={"introduction"}),
        f"category:{category.path}": category.facts(),
    }


def tags_of_review(review):
    """Return what pages show of a review: nothing of one that is not published."""
    return {f"reviews:{review.product.slug}": review.page_facts()} if review.is_published else {}


def lists_with(seller, path):
    """Return the tags of the lists that have a listed product of a seller (their slug) in a category."""
    return {"products", f"seller:{seller}", *(f"category:{part}" for part in lineage(path))}


def lineage(path):
    """Return the paths from the root down to path itself: decor, decor/vases."""
    parts = path.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def card_versions(products):
    """Return the Versions of the cards of some products (a queryset)."""
    return read_versions_of(products, Concat(Value("card:"), "slug", output_field=CharField()))
