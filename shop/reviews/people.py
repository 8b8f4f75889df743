"""What reviews do with what belongs to a person."""

from django.dispatch import receiver

from shop.accounts.signals import account_closing, personal_data

NOBODY = "A former member"


@receiver(personal_data)
def reviews_of(sender, user, **kwargs):
    fields = ("product__title", "rating", "title", "text", "author_name", "state", "created_at", "edited_at")
    return {
        "reviews": list(user.reviews.order_by("pk").values(*fields)),
        "review_votes": list(user.review_votes.order_by("pk").values("review_id", "is_helpful")),
        "review_reports": list(user.review_reports.values("review_id", "reason", "note", "created_at")),
    }


@receiver(account_closing)
def let_go_of_reviews(sender, user, **kwargs):
    """Leave what is published without the person and their name; votes and reports stay counted."""
    for review in user.reviews.order_by("product_id"):
        if not review.is_published:
            review.remove(who="an account that was closed")
            continue
        with review.changing(who="an account that was closed"):
            review.author, review.author_name = None, NOBODY
            review.save()
    user.review_votes.update(voter=None)
    user.review_reports.update(reporter=None)
