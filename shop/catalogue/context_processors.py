from django.utils.functional import SimpleLazyObject

from shop.caching.versions import SITE, read_versions

from .models import Category


def storefront(request):
    """Give every page the category tree, queried only if its cached fragment is missing.

    A page that is not cached gets the version that the fragment needs; others bring theirs along.
    """
    return {
        "category_tree": SimpleLazyObject(Category.objects.tree),
        "versions": SimpleLazyObject(lambda: read_versions([SITE])),
    }
