"""What reviews do with what belongs to a person."""

from django.dispatch import receiver

from shop.accounts.signals import account_closing, personal_data

FORMER_MEMBER = "A former member"


@receiver(personal_data)
def reviews_of(sender, user, **kwargs):
    names = ("product__title", "author_name", "rating", "title", "text", "state", "created_at", "edited_at")
    return {
        "reviews": list(user.reviews.order_by("pk").values(*names)),
        "votes": list(user.review_votes.order_by("pk").values("review", "is_helpful")),
        "reports": list(user.review_reports.order_by("pk").values("review", "reason", "note", "created_at")),
    }


@receiver(account_closing)
def keep_reviews_without_a_name(sender, user, **kwargs):
    for review in user.reviews.order_by("product_id", "pk"):
        if not review.is_published:
            review.remove(who="an account that was closed")
            continue
        with review.changing(who="an account that was closed"):
            review.author, review.author_name = None, FORMER_MEMBER
            review.save()
