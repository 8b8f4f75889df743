"""What the seller's area keeps of a product, when the product gets another seller."""

from django.dispatch import receiver

from shop.catalogue.signals import product_moved

from .models import Edit, ProcessedForm, Upload


@receiver(product_moved)
def take_edits_along(sender, product, **kwargs):
    """Let what was typed go to the new seller with its pictures; the old seller's form means it no more."""
    edits = Edit.objects.filter(product=product)
    Upload.objects.filter(edits__in=edits).update(seller=product.seller)
    edits.update(seller=product.seller)
    ProcessedForm.objects.filter(product=product).delete()
