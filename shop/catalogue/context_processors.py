from django.utils.functional import SimpleLazyObject

from .models import Category


def storefront(request):
    """Give every page the category tree, asked for only where its cached fragment is missing."""
    return {"category_tree": SimpleLazyObject(Category.objects.tree)}
