"""The map: which write clears which list, detail and review keys.

Each function returns {tag: facts} for a row, and a write clears the tags whose facts have changed (see
shop.caching.tracking). A new dependency of a page is a new fact or tag here.

    tag                  pages that have it
    product:<slug>       the product's page
    reviews:<slug>       the product's page and its reviews page
    card:<slug>          every page with the product's card
    products             pages that depend on which products there are and on their age: home, lists, sitemap
    category:<path>      the same for a category and its descendants: its page, related products
    seller:<slug>        the same for a seller: their page
    sellers              pages that depend on which sellers there are: sitemap, lists filtered by seller, home
                         (a seller's name is also a fact of their products' cards, pages and lists)
    products.price       lists that also filter or sort by an aspect, and home for its shelves;
      .stock .rating     likewise category:<path>.price and so on
      .band .stars       (price and rating in the steps that filters use)
      .title .words      (everything that search covers: title, brand, description, specifications)
      .specifications .pictures .reduced
    site                 every page: category menu, names of categories
"""

from django.db.models import CharField, Value
from django.db.models.functions import Concat

from shop.caching.reads import cover
from shop.caching.versions import SITE, read_versions_of

# A page may read a table only if it has a tag of one of these kinds.
PRODUCT_TAGS = {"product", "products", "category", "seller", "reviews"}
cover(
    {
        "catalogue_product": PRODUCT_TAGS,
        "catalogue_photo": {"product", "card", "products.pictures", "reviews"},
        "catalogue_variant": {"product"},
        "catalogue_category": {SITE},
        "browse_facetcount": {"products", "category"},
        "browse_attributecount": {"products.specifications", "category"},
        "browse_searchdocument": {"products.words", "category"},
        "browse_searchindex": {"products.words", "category"},
        "browse_searchterm": {"products.words", "category"},
        "sellers_seller": PRODUCT_TAGS | {"card", "sellers"},
        "reviews_review": {"reviews"},
        "reviews_reviewphoto": {"reviews"},
    },
    of_lists={"sellers_seller": {"sellers", "seller"}},
)


def tags_of_product(product):
    """Return what pages show of a product; drafts are not shown."""
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
    """Return what the seller's own page and the pages with their products show of a seller."""
    tags = {f"seller:{seller.slug}": seller.facts(), "sellers": seller.facts(but=seller.not_in_lists)}
    products = seller.products.public().values_list("slug", "status", "category__path")
    for slug, status, path in products:
        tags[f"product:{slug}"] = seller.facts(but=seller.not_on_products)
        tags[f"card:{slug}"] = tags[f"reviews:{slug}"] = seller.facts(but=seller.not_on_cards)
        if status == "listed":
            # Lists offer sellers as filters.
            lists = lists_with(seller.slug, path) - {f"seller:{seller.slug}"}
            tags |= dict.fromkeys(lists, seller.facts(but=seller.not_on_cards))
    return tags


def tags_of_category(category):
    """Return what all pages show of a category in the menu, and what its own page shows."""
    return {
        SITE: category.facts(but={"introduction"}),
        f"category:{category.path}": category.facts(),
    }


def tags_of_review(review):
    """Return what pages show of a review; only published ones are shown."""
    return {f"reviews:{review.product.slug}": review.page_facts()} if review.is_published else {}


def lists_with(seller, path):
    """Return the tags of the lists with a seller's (slug) listed products in a category (path)."""
    return {"products", f"seller:{seller}", *(f"category:{part}" for part in lineage(path))}


def lineage(path):
    """Return the paths of a category and its ancestors from the root: decor, decor/vases."""
    parts = path.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def card_versions(products):
    """Return the Versions of the cards of products (a queryset)."""
    return read_versions_of(products, Concat(Value("card:"), "slug", output_field=CharField()))
