"""schema.org data of reviews, as dictionaries; only what the page shows."""

from shop.catalogue.structured_data import CONTEXT, aggregate_rating
from shop.images.renditions import renditions_of


def reviewed_product(request, product, reviews):
    """Return the schema.org Product of the page with its reviews."""
    data = {
        "@context": CONTEXT,
        "@type": "Product",
        "name": product.title,
        "url": request.build_absolute_uri(product.get_absolute_url()),
    }
    if product.cover:
        data["image"] = request.build_absolute_uri(renditions_of(product.cover).jpeg)
    return data | aggregate_rating(product) | review_list(reviews)


def review_list(reviews):
    """Return the review entry of a Product that has been reviewed."""
    return {"review": [review_data(review) for review in reviews]} if reviews else {}


def review_data(review):
    data = {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.author_name},
        "datePublished": review.published_at.date().isoformat(),
        "reviewRating": {"@type": "Rating", "ratingValue": review.rating, "bestRating": 5},
        "reviewBody": review.text,
    }
    return data | ({"name": review.title} if review.title else {})
