from datetime import timedelta
from functools import partial

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

# How long an upload may wait for the form that shows it.
UPLOAD_LIFETIME = timedelta(days=2)
# How long a form may lie about in a window after it has made its product.
FORM_LIFETIME = timedelta(days=30)
# How long a draft may lie untouched.
DRAFT_LIFETIME = timedelta(days=180)


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

    def forgotten(self):
        """Drafts that nobody has touched for half a year."""
        return self.drafts().filter(changed_at__lt=timezone.now() - DRAFT_LIFETIME)

    def of_form(self, submitted):
        """What was typed into the same form of a new product before, in whatever window."""
        is_same_form = Q(form_key=submitted.form_key) & ~Q(form_key="")
        return self.new().filter(Q(pk=submitted.draft) | is_same_form)


class ProcessedFormQuerySet(models.QuerySet):
    def old(self):
        """Forms that nobody sends again."""
        return self.filter(sent_at__lt=timezone.now() - FORM_LIFETIME)


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
