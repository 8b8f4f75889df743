from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_cleanup import cleanup

from shop.catalogue.models import Product
from shop.fields.texts import ProseField
from shop.images.models import Picture
from shop.sellers.models import Seller

from .form_data import form_data_of, parse_form_data, pictures_in
from .merging import KEYED, merged
from .querysets import EditQuerySet, ProcessedFormQuerySet, UploadQuerySet


# Its file becomes a photo's, so it must outlive the row.
@cleanup.ignore
class Upload(Picture):
    """A picture that a seller uploaded, not yet on a saved product."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="uploads")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.key

    def save(self, *args, **kwargs):
        """Store the file and the row, or neither."""
        try:
            super().save(*args, **kwargs)
        except BaseException:
            self.file.delete(save=False)
            raise

    @property
    def key(self):
        return f"upload-{self.pk}"


class ProcessedForm(models.Model):
    """Makes "new product" idempotent: a form that is sent again updates the product it created."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="processed_forms")
    idempotency_key = models.CharField(max_length=40)
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="processed_form")
    submitted = models.JSONField(help_text="All of the form as it was sent.")
    saved = models.JSONField(help_text="The form data of the product that it made.")
    row_keys = models.JSONField(help_text="The keys of the form's rows since: {old: new}.")
    sent_at = models.DateTimeField(auto_now_add=True)

    objects = ProcessedFormQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "idempotency_key"], name="processed_form_one_per_key"),
        ]

    def __str__(self):
        return self.idempotency_key

    def translated(self, form_data):
        """Return form data with the keys that its rows have now."""
        rows = {kind: [row | {"key": self._key_now(row["key"])} for row in form_data[kind]] for kind in KEYED}
        return form_data | rows | {"default": self._key_now(form_data["default"])}

    def _key_now(self, key):
        return self.row_keys.get(key, key)


class Edit(models.Model):
    """Unsaved changes of a product: a seller's draft, or changes sent to staff."""

    class State(models.TextChoices):
        DRAFT = "draft", "Not sent yet"
        WAITING = "waiting", "Waiting for approval"
        REJECTED = "rejected", "Sent back"

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="edits")
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="edits"
    )
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    form_data = models.JSONField()
    base = models.JSONField(help_text="The form data that it was made from.")
    form_key = models.CharField(max_length=40, blank=True, default="", editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    reason = ProseField("reason for sending it back", max_length=2000, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    uploads = models.ManyToManyField(Upload, related_name="edits", editable=False)

    objects = EditQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=Q(state="draft"), name="edit_one_draft_per_product"
            ),
            models.UniqueConstraint(
                fields=["product"], condition=~Q(state="draft"), name="edit_one_sent_per_product"
            ),
            models.UniqueConstraint(
                fields=["seller", "form_key"], condition=~Q(form_key=""), name="edit_one_per_form_key"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(product__isnull=False), name="edit_sent_has_product"
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        mine = self.seller.uploads.filter(pk__in=pictures_in(self.form_data, "upload"))
        self.uploads.set(mine)

    def get_absolute_url(self):
        if self.product_id:
            return reverse("product_update", args=[self.product_id])
        return reverse("draft_update", args=[self.pk])

    @property
    def title(self):
        return self.form_data.get("title") or "Without a title yet"

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_rejected(self):
        return self.state == self.State.REJECTED

    def form_data_now(self):
        """Return its form data, updated to the current product in fields that it does not change."""
        mine = parse_form_data(self.form_data)
        return merged(parse_form_data(self.base), form_data_of(self.product), mine) if self.product else mine


def sweep():
    """Delete abandoned drafts and uploads, and keys of forms that nobody sends again."""
    Edit.objects.forgotten().delete()
    ProcessedForm.objects.old().delete()
    count = Upload.objects.abandoned().sweep()
    return f"{count} upload{'' if count == 1 else 's'}"
