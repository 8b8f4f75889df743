from shop.caching.parameters import one_of, page_number
from shop.links import Link, list_url

from .ratings import STARS

SORTS = {
    "": ("Newest", "newest"),
    "helpful": ("Most helpful", "most_helpful"),
    "highest": ("Highest", "highest"),
    "lowest": ("Lowest", "lowest"),
}


PARAMETERS = {
    "page": page_number,
    "photos": one_of("1"),
    "sort": one_of(*SORTS),
    "stars": one_of(*map(str, STARS)),
}


class ReviewFilters:
    """The filters and sorting of a product's reviews, and links that change one of them."""

    def __init__(self, path, query):
        self.path = path
        self.query = query
        self.stars = int(query.get("stars", 0))
        self.has_photos = "photos" in query
        self.sort = query.get("sort", "")

    @property
    def is_plain(self):
        return not (self.stars or self.has_photos or self.sort)

    def narrow(self, reviews):
        """Return reviews (a queryset) narrowed to and sorted by these filters."""
        if self.stars:
            reviews = reviews.filter(rating=self.stars)
        if self.has_photos:
            reviews = reviews.with_photos()
        return getattr(reviews, SORTS[self.sort][1])()

    def sorts(self):
        urls = {key: list_url(self.path, self.query, sort=key) for key in SORTS}
        return [Link(label, urls[key], key == self.sort) for key, (label, _) in SORTS.items()]

    def bars(self, product):
        """Return (stars, number of reviews, Link that toggles this filter), five stars first."""
        return [
            (stars, count, self._toggle(stars, stars == self.stars, stars=stars))
            for stars, count in product.histogram
        ]

    def photos_link(self):
        return self._toggle("With photos", self.has_photos, photos=1)

    def _toggle(self, label, is_chosen, **choice):
        """Return the Link that applies a filter, or removes it if it is applied."""
        changes = dict.fromkeys(choice) if is_chosen else choice
        return Link(label, list_url(self.path, self.query, **changes), is_chosen)
