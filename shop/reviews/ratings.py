"""The ratings of a product: counted from its published reviews, kept in columns of the product."""

from django.db.models import Count

STARS = (1, 2, 3, 4, 5)
COLUMNS = ("rating_sum", "rating_count", *(f"stars_{stars}" for stars in STARS))


def count_ratings(product):
    """Bring a locked product's columns up to date, inside clearing(); its version stays as it is."""
    reviews = product.reviews.published().order_by()
    columns = rating_columns(dict(reviews.values_list("rating").annotate(Count("pk"))))
    if columns != stored_columns(product):
        type(product).objects.filter(pk=product.pk).update(**columns)
        for name, value in columns.items():
            setattr(product, name, value)


def rating_columns(counts):
    """Return the columns that stand for {stars: how many reviews give them}."""
    columns = {f"stars_{stars}": counts.get(stars, 0) for stars in STARS}
    total = sum(stars * counts.get(stars, 0) for stars in STARS)
    return {"rating_sum": total, "rating_count": sum(counts.values())} | columns


def stored_columns(product):
    return {name: getattr(product, name) for name in COLUMNS}
