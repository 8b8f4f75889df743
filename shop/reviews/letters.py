from django.core.mail import send_mail
from django.template.loader import render_to_string


def send_rejection(review):
    """Write to the author why their review is not shown."""
    if review.author:
        send_mail(
            f"Your review of {review.product.title}",
            render_to_string("reviews/rejection.txt", {"review": review}),
            None,
            [review.author.email],
        )
