from functools import partial

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string


def tell_decision(request, edit, product):
    """Send the seller, once it is committed, an e-mail about what staff decided; product: as it is now."""
    if edit.seller.user is None:
        return
    page = product.get_absolute_url() if edit.is_waiting else edit.get_absolute_url()
    context = {"edit": edit, "product": product, "link": request.build_absolute_uri(page)}
    text = render_to_string("selling/mails/decision.txt", context)
    subject, _, body = text.partition("\n")
    send = partial(
        send_mail,
        subject,
        body.strip() + "\n",
        None,
        [edit.seller.user.email],
        html_message=render_to_string("selling/mails/decision.html", context),
    )
    transaction.on_commit(send, robust=True)
