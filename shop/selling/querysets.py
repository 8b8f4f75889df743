from datetime import timedelta
from functools import partial

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

UPLOAD_LIFETIME = timedelta(days=2)
# How long a form may stay open after it created its product.
FORM_LIFETIME = timedelta(days=30)
DRAFT_LIFETIME = timedelta(days=180)


class EditQuerySet(models.QuerySet):
    def drafts(self):
        """Not sent to staff yet."""
        return self.filter(state="draft")

    def sent(self):
        """Waiting for approval, or sent back."""
        return self.exclude(state="draft")

    def waiting(self):
        return self.filter(state="waiting")

    def new(self):
        """Drafts of products that are not saved yet."""
        return self.filter(product__isnull=True)

    def forgotten(self):
        """Drafts that nobody has touched for half a year."""
        return self.drafts().filter(changed_at__lt=timezone.now() - DRAFT_LIFETIME)

    def of_form(self, submitted):
        """The draft of the same form of a new product, from whatever window."""
        is_same_form = Q(form_key=submitted.form_key) & ~Q(form_key="")
        return self.new().filter(Q(pk=submitted.draft) | is_same_form)


class ProcessedFormQuerySet(models.QuerySet):
    def old(self):
        """Forms that nobody will send again."""
        return self.filter(sent_at__lt=timezone.now() - FORM_LIFETIME)


class UploadQuerySet(models.QuerySet):
    def abandoned(self):
        """Old uploads that no draft or staged edit shows."""
        return self.filter(edits__isnull=True, created_at__lt=timezone.now() - UPLOAD_LIFETIME)

    def sweep(self):
        """Delete these uploads with their files, and return their number."""
        uploads = list(self)
        for upload in uploads:
            upload.delete()
            transaction.on_commit(partial(upload.file.delete, save=False))
        return len(uploads)
