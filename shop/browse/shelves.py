from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from shop.catalogue.models import Category, Photo, Product
from shop.invalidation import card_versions
from shop.sellers.models import Seller

SHELF_LENGTH = 8
# Not by a join: to tell products apart again, all of them would be put in order.
HAS_PHOTO = Q(pk__in=Photo.objects.values("product"))


class Shelves:
    """The shelves of the home page."""

    # What decides, besides age, which products stand on them; the rooms show pictures of any product.
    aspects = (".stock", ".rating", ".reduced", ".pictures")

    def card_versions(self):
        shelves = (self.lead(), self.newest(), self.reduced(), self.best_rated())
        return reduce(or_, map(card_versions, shelves))

    def lead(self):
        """The newest three that have a photo, for the head of the page."""
        return Product.objects.listed().in_stock().filter(HAS_PHOTO).newest().for_cards()[:3]

    def makers(self):
        listed = Product.objects.listed().filter(seller=OuterRef("pk"))
        return Seller.objects.filter(Exists(listed))[:12]

    def newest(self):
        return Product.objects.listed().newest().for_cards()[:SHELF_LENGTH]

    def best_rated(self):
        return Product.objects.listed().filter(rating_count__gt=0).best_rated().for_cards()[:SHELF_LENGTH]

    def reduced(self):
        return Product.objects.listed().reduced().in_stock().newest().for_cards()[:4]

    def rooms(self):
        """The root categories: `pictured`, with the newest product that has a photo, and `others`."""
        roots = list(Category.objects.roots())
        recent = Product.objects.listed().filter(HAS_PHOTO).newest().prefetch_related("photos")
        covers: dict[str, Product] = {}
        for product in recent.select_related("category").only("category__path")[:200]:
            covers.setdefault(product.category.path.split("/")[0], product)
        return {
            "pictured": [(root, covers[root.path]) for root in roots if root.path in covers],
            "others": [root for root in roots if root.path not in covers],
        }
