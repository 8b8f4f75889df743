from datetime import timedelta
from functools import partial

from django.db import models, transaction
from django.utils import timezone

# How long an upload may wait for the form that shows it.
UPLOAD_LIFETIME = timedelta(days=2)


class EditQuerySet(models.QuerySet):
    def drafts(self):
        """What is only kept for the seller so far."""
        return self.filter(state="draft")

    def sent(self):
        """What staff are to decide on, or have sent back."""
        return self.exclude(state="draft")

    def waiting(self):
        return self.filter(state="waiting")

    def new(self):
        """What was begun for products that are not saved yet."""
        return self.filter(product__isnull=True)


class UploadQuerySet(models.QuerySet):
    def abandoned(self):
        """Uploads that no kept form shows, after some time."""
        return self.filter(edits__isnull=True, created_at__lt=timezone.now() - UPLOAD_LIFETIME)

    def sweep(self):
        """Delete these uploads with their files, and return how many they were."""
        uploads = list(self)
        for upload in uploads:
            upload.delete()
            transaction.on_commit(partial(upload.file.delete, save=False))
        return len(uploads)
