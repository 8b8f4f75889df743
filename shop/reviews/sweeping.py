"""Reports that staff have settled."""

from datetime import timedelta

from django.utils import timezone

from .models import Report

KEPT = timedelta(days=365)


def sweep():
    """Delete reports that were settled a year ago."""
    count, _ = Report.objects.filter(settled_at__lt=timezone.now() - KEPT).delete()
    return f"{count} settled report{'' if count == 1 else 's'}"
