from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shop.accounts.models import User
from shop.caching.versions import clearing
from shop.fields.markdown import MarkdownField
from shop.fields.texts import LineField, ProseField
from shop.images.models import random_path

from ..querysets import SellerApplicationQuerySet
from .sellers import Seller

LIFETIME = timedelta(days=730)
PUBLIC_EMAIL = (
    "Everybody can see it on your shop's page, to order and to ask. It need not be the one you sign in with."
)


class SellerApplication(models.Model):
    """A member's application to open a shop, and the decision on it."""

    picture_folder = "logos"

    class Status(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REJECTED = "rejected"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="application")
    name = LineField("shop name", max_length=80)
    slug = models.SlugField("page URL", max_length=80)
    craft = LineField("what you make", max_length=120)
    place = LineField("where", max_length=80, blank=True)
    contact_email = models.EmailField(
        "public email",
        blank=True,
        db_default="",
        help_text=PUBLIC_EMAIL,
    )
    about = MarkdownField("about you and your work", max_length=5000)
    logo = models.ImageField(
        upload_to=random_path, width_field="logo_width", height_field="logo_height", blank=True
    )
    logo_width = models.PositiveIntegerField(null=True, editable=False)
    logo_height = models.PositiveIntegerField(null=True, editable=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    reason = ProseField(blank=True, max_length=2000, help_text="Why not; the applicant reads it.")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = SellerApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[field], condition=Q(status="waiting"), name=f"application_one_waiting_per_{field}"
            )
            for field in ("name", "slug")
        ] + [
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(reason=""), name="application_rejected_with_a_reason"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_waiting(self):
        return self.status == self.Status.WAITING

    @property
    def is_approved(self):
        return self.status == self.Status.APPROVED

    @property
    def is_rejected(self):
        return self.status == self.Status.REJECTED

    def outcome(self):
        """Return a sentence that says who decided what; empty while it waits."""
        if self.is_waiting:
            return ""
        who = self.decided_by or "Somebody"
        return (
            f"{who} has {self.get_status_display().lower()} this in the meantime, so nothing was decided now."
        )

    def conflicts(self):
        """Return {field: message} where another shop has, or has applied for, this name or slug."""
        others = SellerApplication.objects.waiting().exclude(pk=self.pk)
        messages = {}
        for field, word in (("name", "name"), ("slug", "page URL")):
            taken = {f"{field}__iexact": getattr(self, field)}
            if Seller.objects.filter(**taken).exists() or others.filter(**taken).exists():
                messages[field] = f"Another shop has this {word} or has asked for it."
        return messages

    def send(self):
        self.status, self.reason = self.Status.WAITING, ""
        self.sent_at, self.decided_at, self.decided_by = timezone.now(), None, None
        self.save()

    def approve(self, by):
        """Open the shop."""
        with clearing(actor=by.signature):
            seller = Seller(user=self.user, contact_email=self.contact_email)
            for field in ("name", "slug", "craft", "place", "about"):
                setattr(seller, field, getattr(self, field))
            if self.logo:
                with self.logo.open() as logo:
                    seller.logo.save("logo.webp", ContentFile(logo.read()), save=False)
            seller.save()
            self._decide(self.Status.APPROVED, by)

    def reject(self, by, reason):
        self.reason = reason
        self._decide(self.Status.REJECTED, by)

    def _decide(self, status, by):
        self.status, self.decided_by, self.decided_at = status, by, timezone.now()
        self.save()


def sweep():
    """Delete applications two years after the decision."""
    old = SellerApplication.objects.filter(decided_at__lt=timezone.now() - LIFETIME)
    count, _ = old.delete()
    return f"{count} application{'' if count == 1 else 's'}"
