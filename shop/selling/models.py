from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_cleanup import cleanup

from shop.catalogue.models import Product
from shop.fields.texts import ProseField
from shop.images.models import Picture
from shop.sellers.models import Seller

from .content import content_of, pictures_in, shaped
from .merging import KEYED, merged
from .querysets import EditQuerySet, SentFormQuerySet, UploadQuerySet


# Its file goes on to be a photo's, so it does not go with its row.
@cleanup.ignore
class Upload(Picture):
    """A picture that a seller has sent, and that no saved product shows yet."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="uploads")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.key

    def save(self, *args, **kwargs):
        """Store the picture and its row, or neither."""
        try:
            super().save(*args, **kwargs)
        except BaseException:
            self.file.delete(save=False)
            raise

    @property
    def key(self):
        return f"upload-{self.pk}"


class SentForm(models.Model):
    """The form of a new product that was sent and made it: sent again, it means that product."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="sent_forms")
    key = models.CharField(max_length=40)
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="sent_form")
    typed = models.JSONField(help_text="The content as it was sent.")
    saved = models.JSONField(help_text="The content that the product had then.")
    keys = models.JSONField(help_text="What the form's new rows are known by since.")
    sent_at = models.DateTimeField(auto_now_add=True)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "key"], name="sent_form_one_per_key"),
        ]

    def __str__(self):
        return self.key

    def translated(self, content):
        """Return a content of this form, its rows known by what they became."""
        rows = {kind: [row | {"key": self._key_now(row["key"])} for row in content[kind]] for kind in KEYED}
        return content | rows | {"default": self._key_now(content["default"])}

    def _key_now(self, key):
        return self.keys.get(key, key)


class Edit(models.Model):
    """What a seller has typed into the form of a product and that the product does not have yet."""

    class State(models.TextChoices):
        DRAFT = "draft", "Not sent yet"
        WAITING = "waiting", "Waiting for approval"
        REJECTED = "rejected", "Sent back"

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="edits")
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="edits"
    )
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    content = models.JSONField()
    base = models.JSONField(help_text="The content that it was made from.")
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
            models.CheckConstraint(
                condition=Q(state="draft") | Q(product__isnull=False), name="edit_sent_has_product"
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        mine = self.seller.uploads.filter(pk__in=pictures_in(self.content, "upload"))
        self.uploads.set(mine)

    def get_absolute_url(self):
        if self.product_id:
            return reverse("product_update", args=[self.product_id])
        return reverse("draft_update", args=[self.pk])

    @property
    def title(self):
        return self.content.get("title") or "Without a title yet"

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_rejected(self):
        return self.state == self.State.REJECTED

    def content_now(self):
        """Return its content on top of what the product is by now, in fields that it left alone."""
        mine = shaped(self.content)
        return merged(shaped(self.base), content_of(self.product), mine) if self.product else mine
