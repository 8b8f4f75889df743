"""schema.org data of pages, as dictionaries; only what the page shows."""

from django.urls import reverse

from shop.images.renditions import renditions_of

from .options import shown_first, variant_url

CONTEXT = "https://schema.org"


def product_data(request, product, variants):
    """Return the schema.org Product of a product's page."""
    data = {
        "@context": CONTEXT,
        "@type": "Product",
        "name": product.title,
        "sku": shown_first(variants).sku,
        "description": product.summary,
        "url": _absolute(request, product),
        "brand": {"@type": "Brand", "name": product.maker},
        "offers": _offers(request, product, variants),
    }
    if photos := list(product.photos.all()):
        data["image"] = [request.build_absolute_uri(renditions_of(photo).jpeg) for photo in photos]
    return data | aggregate_rating(product)


def aggregate_rating(product):
    """Return the aggregateRating of a product that has been reviewed."""
    if not product.rating_count:
        return {}
    rating = {
        "@type": "AggregateRating",
        "ratingValue": product.rating,
        "reviewCount": product.rating_count,
    }
    return {"aggregateRating": rating}


def breadcrumbs(request, trail):
    """Return the BreadcrumbList of a page inside the categories in trail."""
    pages = [("Home", reverse("home"))] + [(category.name, category.get_absolute_url()) for category in trail]
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": request.build_absolute_uri(url)}
            for n, (name, url) in enumerate(pages, start=1)
        ],
    }


def item_list(request, products):
    """Return the ItemList of a page of products."""
    return {
        "@context": CONTEXT,
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "url": _absolute(request, product), "name": product.title}
            for n, product in enumerate(products, start=1)
        ],
    }


def _offers(request, product, variants):
    first = shown_first(variants)
    return [
        {
            "@type": "Offer",
            "sku": variant.sku,
            "price": str(variant.price),
            "priceCurrency": variant.currency,
            "availability": f"{CONTEXT}/{_availability(product, variant)}",
            "url": request.build_absolute_uri(
                product.get_absolute_url() if variant is first else variant_url(product, variant)
            ),
            "seller": {"@type": "Organization", "name": product.seller.name},
        }
        for variant in variants
    ]


def _availability(product, variant):
    if product.is_archived:
        return "Discontinued"
    if variant.stock_shown.is_out:
        return "OutOfStock"
    return "LimitedAvailability" if variant.stock_shown.is_low else "InStock"


def _absolute(request, thing):
    return request.build_absolute_uri(thing.get_absolute_url())
