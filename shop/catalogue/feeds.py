from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from shop.invalidation import card_versions
from shop.site import absolute

from .models import Product
from .templatetags.catalogue import money


def newest():
    return Product.objects.listed().newest()[:50]


def newest_cards():
    return card_versions(newest())


class NewProducts(Feed):
    """New arrivals; an entry shows no more than a card, which its tag stands for."""

    feed_type = Atom1Feed
    title = "Ingle: new from the makers"
    subtitle = "What was listed last."

    def link(self):
        return absolute(reverse("home"))

    def feed_url(self):
        return absolute(reverse("feed"))

    def item_link(self, product):
        return absolute(product.get_absolute_url())

    def items(self):
        return newest().select_related("seller")

    def item_title(self, product):
        return product.title

    def item_description(self, product):
        return f"{product.seller.name}, {money(product.price, product.currency)}"

    def item_author_name(self, product):
        return product.seller.name

    def item_pubdate(self, product):
        return product.listed_at

    def item_updateddate(self, product):
        return product.listed_at
