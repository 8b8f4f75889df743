from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from shop.fields.texts import ProseField

from .reviews import Review

LIFETIME = timedelta(days=365)


class Report(models.Model):
    """A report that a review should not be shown."""

    class Reason(models.TextChoices):
        SPAM = "spam", "It advertises something"
        OFFENSIVE = "offensive", "It offends or threatens"
        OFF_TOPIC = "off-topic", "It is not about this product"
        PRIVATE = "private", "It gives away something private"
        UNTRUE = "untrue", "Its writer never had this product"
        OTHER = "other", "Something else"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="review_reports"
    )
    reason = models.CharField(max_length=9, choices=Reason)
    note = ProseField("what we should know", max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "reporter"], name="report_one_per_person"),
        ]

    def __str__(self):
        return self.get_reason_display()


def sweep():
    """Delete reports that were settled a year ago."""
    count, _ = Report.objects.filter(settled_at__lt=timezone.now() - LIFETIME).delete()
    return f"{count} settled report{'' if count == 1 else 's'}"
