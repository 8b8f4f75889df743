"""Applications that were decided long ago."""

from datetime import timedelta

from django.utils import timezone

from .models import SellerApplication

DECIDED = timedelta(days=730)


def sweep():
    """Delete applications two years after the decision."""
    old = SellerApplication.objects.filter(decided_at__lt=timezone.now() - DECIDED)
    count, _ = old.delete()
    return f"{count} application{'' if count == 1 else 's'}"
