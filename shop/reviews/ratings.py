"""The ratings of a product: counted from its published reviews, kept in columns of the product."""

from django.db.models import Count

STARS = (1, 2, 3, 4, 5)
COLUMNS = ("rating_sum", "rating_count", *(f"stars_{stars}" for stars in STARS))


def count_ratings(product):
    """Update the rating columns of a locked product, inside clearing(); its version stays the same."""
    reviews = product.reviews.published().order_by()
    columns = rating_columns(dict(reviews.values_list("rating").annotate(Count("pk"))))
    if columns != stored_columns(product):
        type(product).objects.filter(pk=product.pk).update(**columns)
        for name, value in columns.items():
            setattr(product, name, value)


def rating_columns(counts):
    """Return the rating columns for {stars: number of reviews}."""
    columns = {f"stars_{stars}": counts.get(stars, 0) for stars in STARS}
    total = sum(stars * counts.get(stars, 0) for stars in STARS)
    return {"rating_sum": total, "rating_count": sum(counts.values())} | columns


def stored_columns(product):
    return {name: getattr(product, name) for name in COLUMNS}
