from urllib.parse import urlencode

from shop.caching.parameters import one_of, page_number
from shop.catalogue.paging import Link

from .counting import STARS

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


class Selection:
    """What the visitor has chosen among a product's reviews, and the addresses one step away."""

    def __init__(self, path, query):
        self.path = path
        self.chosen = {name: query[name] for name in ("photos", "sort", "stars") if name in query}

    @property
    def stars(self):
        return int(self.chosen.get("stars", 0))

    @property
    def has_photos(self):
        return "photos" in self.chosen

    @property
    def is_narrowed(self):
        return bool(self.stars or self.has_photos)

    @property
    def is_plain(self):
        return not self.chosen

    def narrow(self, reviews):
        """Return reviews (a queryset) narrowed to and sorted by this selection."""
        if self.stars:
            reviews = reviews.filter(rating=self.stars)
        if self.has_photos:
            reviews = reviews.with_photos()
        return getattr(reviews, SORTS[self.chosen.get("sort", "")][1])()

    def url_with(self, **changes):
        query = {name: value for name, value in (self.chosen | changes).items() if value}
        return f"{self.path}?{urlencode(sorted(query.items()))}" if query else self.path

    def url_of_page(self, number):
        return self.url_with(page=number if number > 1 else None)

    def sorts(self):
        current = self.chosen.get("sort", "")
        return [Link(label, self.url_with(sort=key), key == current) for key, (label, _) in SORTS.items()]

    def bars(self, product):
        """Return (stars, how many reviews, Link to these or, from these, to all), five stars first."""
        return [
            (stars, count, Link(stars, self.url_of_stars(stars), stars == self.stars))
            for stars, count in product.histogram
        ]

    def url_of_stars(self, stars):
        return self.url_with(stars=None if stars == self.stars else stars)

    def photos_link(self):
        return Link("With photos", self.url_with(photos=None if self.has_photos else "1"), self.has_photos)
