from contextlib import contextmanager

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from shop.accounts.mails import compose, deliver_after_commit
from shop.caching.tracking import TrackedModel
from shop.caching.versions import clearing
from shop.catalogue.models import Product
from shop.fields.texts import LineField, ProseField
from shop.invalidation import tags_of_review

from ..querysets import ReviewQuerySet
from ..ratings import count_ratings
from ..spam import digest_of

LONGEST_TEXT = 5000
LONGEST_REPLY = 2000


class Review(TrackedModel):
    """One person's review of one product, and the reply of its seller."""

    cache_subject_of = ("review", "pk")
    not_shown = {
        *("id", "product", "author", "version", "created_at", "text_digest"),
        *("spam_score", "spam_signs", "checked_at", "rejection_reason"),
    }

    class Rating(models.IntegerChoices):
        ONE = 1, "Poor"
        TWO = 2, "Not so good"
        THREE = 3, "All right"
        FOUR = 4, "Good"
        FIVE = 5, "Excellent"

    class State(models.TextChoices):
        WAITING = "waiting"
        PUBLISHED = "published"
        REJECTED = "rejected", "Not published"

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="reviews")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="reviews"
    )
    author_name = LineField("name to show", max_length=60)
    rating = models.PositiveSmallIntegerField(choices=Rating)
    title = LineField("headline", max_length=120, blank=True)
    text = ProseField(max_length=LONGEST_TEXT)
    # Finds equal texts.
    text_digest = models.CharField(max_length=32, db_default="", default="", editable=False)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    # Set by verify(), which orders will call: they know who bought what.
    is_verified = models.BooleanField("verified purchase", default=False, editable=False)

    reply = ProseField(max_length=LONGEST_REPLY, blank=True)
    replied_at = models.DateTimeField(null=True, editable=False)

    # Counted by Vote, so that pages need not.
    helpful_count = models.PositiveIntegerField("helpful", default=0, editable=False)
    unhelpful_count = models.PositiveIntegerField("not helpful", default=0, editable=False)

    spam_score = models.PositiveSmallIntegerField("suspicion", default=0, editable=False)
    spam_signs = models.JSONField("signs of spam", default=list, editable=False)
    checked_at = models.DateTimeField("looked at", null=True, editable=False)
    rejection_reason = ProseField("why not", max_length=LONGEST_REPLY, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "author"], name="review_one_per_author"),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="review_rating_from_1_to_5"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="review_published_has_date",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True) | ~Q(reply="") & Q(replied_at__isnull=False),
                name="review_reply_has_date",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "state", "-published_at", "-id"], name="review_newest"),
            models.Index(fields=["product", "state", "-helpful_count", "-id"], name="review_helpful"),
            models.Index(fields=["product", "state", "rating", "-id"], name="review_by_rating"),
            models.Index(fields=["text_digest"], name="review_same_text"),
            models.Index(fields=["-spam_score"], condition=Q(checked_at__isnull=True), name="review_queue"),
        ]

    def __str__(self):
        return f"{self.rating} stars for {self.product}"

    def save(self, *args, **kwargs):
        self.text_digest = digest_of(self.text)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"{reverse('product_reviews', args=[self.product.slug])}#review-{self.pk}"

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_rejected(self):
        return self.state == self.State.REJECTED

    def is_covered_by(self, tags):
        return self.product.has_tag_among(tags, ["reviews"])

    def page_facts(self):
        """Return what public pages show of it; nothing unless it is published."""
        return self.facts(), tuple(photo.facts() for photo in self.photos.all())

    def tag_facts(self):
        return tags_of_review(self)

    @contextmanager
    def changing(self, actor=""):
        """Lock its product and reload it; at the end count ratings and clear pages.

        All who write reviews of one product come one after another.
        """
        with clearing(actor):
            product = Product.objects.for_page().locked().get(pk=self.product_id)
            if self.pk:
                self.refresh_from_db()
            yield product
            count_ratings(product)

    def publish(self):
        """Publish it; for use inside changing()."""
        self.state = self.State.PUBLISHED
        self.published_at = self.published_at or timezone.now()
        self.rejection_reason = ""

    def approve(self, actor=""):
        """Publish it, or leave it published, after staff have read it."""
        with self.changing(actor):
            self.publish()
            self.settle()

    def reject(self, reason, actor=""):
        """Take it off the pages, and email its author the reason."""
        with self.changing(actor):
            self.state = self.State.REJECTED
            self.rejection_reason = reason
            self.settle()
            self._tell_rejection()

    def settle(self):
        self.checked_at = timezone.now()
        self.save()
        self.reports.filter(settled_at__isnull=True).update(settled_at=self.checked_at)

    def remove(self, actor=""):
        """Delete it with its photos, votes and reports."""
        with self.changing(actor):
            self.delete()

    def answer(self, text, actor=""):
        """Set the seller's reply; an empty text removes it."""
        with self.changing(actor):
            if self.reply != text:
                self.reply = text
                self.replied_at = timezone.now() if text else None
                self.save()

    def count_votes(self):
        """Set the columns that pages show from the votes; the caller saves."""
        self.helpful_count = self.votes.filter(is_helpful=True).count()
        self.unhelpful_count = self.votes.filter(is_helpful=False).count()

    def verify(self, actor=""):
        """Mark it as written by a buyer of the product."""
        with self.changing(actor):
            self.is_verified = True
            self.save()

    def _tell_rejection(self):
        if self.author:
            mail = compose("mails/review_rejected.txt", self.author.email, {"review": self})
            deliver_after_commit(mail)
