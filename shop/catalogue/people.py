"""What the catalogue does with what belongs to a person."""

from django.dispatch import receiver

from shop.accounts.signals import account_closing, personal_data

from .models import Product


@receiver(personal_data)
def products_of(sender, user, **kwargs):
    products = Product.objects.filter(seller__user=user).order_by("pk")
    return {"products": list(products.values("title", "slug", "status", "created_at", "changed_at"))}


@receiver(account_closing)
def let_go_of_products(sender, user, **kwargs):
    """Delete drafts and list nothing any more: nobody is left to send what is ordered."""
    for product in Product.objects.filter(seller__user=user).for_page().locked():
        if product.is_draft:
            product.delete()
        elif product.is_listed:
            product.archive()
