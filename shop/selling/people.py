"""What the seller's area does with what belongs to a person."""

from django.dispatch import receiver

from shop.accounts.signals import account_closing, personal_data

from .models import Edit, SentForm, Upload


@receiver(personal_data)
def edits_of(sender, user, **kwargs):
    edits = Edit.objects.filter(seller__user=user).order_by("pk")
    return {"product_drafts": list(edits.values("state", "content", "reason", "changed_at"))}


@receiver(account_closing)
def let_go_of_edits(sender, user, **kwargs):
    """Delete what was typed and sent, and the pictures that no product shows."""
    Edit.objects.filter(seller__user=user).delete()
    SentForm.objects.filter(seller__user=user).delete()
    Upload.objects.filter(seller__user=user).sweep()
