from django.conf import settings
from django.db import models

from .reviews import Review


class Vote(models.Model):
    """Whether a review helped somebody: one vote per person, which can be withdrawn."""

    class Choice(models.TextChoices):
        HELPFUL = "helpful"
        UNHELPFUL = "unhelpful", "Not helpful"
        NONE = "none"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="votes")
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="review_votes"
    )
    is_helpful = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "voter"], name="vote_one_per_person")]

    def __str__(self):
        return "Helpful" if self.is_helpful else "Not helpful"

    @property
    def choice(self):
        return self.Choice.HELPFUL if self.is_helpful else self.Choice.UNHELPFUL

    @classmethod
    def cast(cls, review, voter, choice):
        """Set or withdraw a vote, and recount the review's votes."""
        with review.changing(actor=voter.signature):
            if choice == cls.Choice.NONE:
                review.votes.filter(voter=voter).delete()
            else:
                is_helpful = choice == cls.Choice.HELPFUL
                review.votes.update_or_create(voter=voter, defaults={"is_helpful": is_helpful})
            review.count_votes()
            review.save()
