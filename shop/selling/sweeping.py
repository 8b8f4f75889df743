"""What sellers have begun and left."""

from .models import Edit, ProcessedForm, Upload


def sweep():
    """Delete drafts of half a year ago, what forms made a month ago, and pictures that none shows."""
    Edit.objects.forgotten().delete()
    ProcessedForm.objects.old().delete()
    count = Upload.objects.abandoned().sweep()
    return f"{count} upload{'' if count == 1 else 's'}"
