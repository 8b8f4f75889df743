"""What happens to drafts and uploads when a product moves to another seller."""

from django.dispatch import receiver

from shop.catalogue.signals import product_moved

from .models import Edit, ProcessedForm, Upload


@receiver(product_moved)
def take_edits_along(sender, product, **kwargs):
    """Move edits and their uploads to the new seller; the old seller's form no longer updates the product."""
    edits = Edit.objects.filter(product=product)
    Upload.objects.filter(edits__in=edits).update(seller=product.seller)
    edits.update(seller=product.seller)
    ProcessedForm.objects.filter(product=product).delete()
