"""Mails of the shop: written once as plain text, and shown in HTML as well."""

import logging
import re
from functools import partial

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

CODE = re.compile(r"[A-Z0-9]{3,}(-[A-Z0-9]{3,})*")


def compose(template, to, context):
    """Return a mail: the first line of a text template is its subject, the rest its text."""
    subject, _, text = render_to_string(template, context).strip().partition("\n")
    mail = EmailMultiAlternatives(subject.strip(), text.strip() + "\n", to=[to])
    mail.attach_alternative(as_html(mail.subject, mail.body), "text/html")
    return mail


def deliver(mail):
    """Send a mail and return whether the mail server took it; it never raises, as what was done is done."""
    try:
        return bool(mail.send())
    except (OSError, ValueError) as error:  # Of the connection and of SMTP; of a header that cannot be.
        # Not the error's own words, which name the address.
        logger.error("the mail %r was not sent: %s", mail.subject, type(error).__name__)
        return False


def deliver_after_commit(mail):
    """Send a mail about what the transaction at hand has done, if it is committed."""
    transaction.on_commit(partial(deliver, mail), robust=True)


def as_html(subject, text):
    """Show a plain text as HTML: an address alone in its paragraph is a button, a code stands out."""
    paragraphs = [paragraph.strip() for paragraph in re.split(r"\n\s*\n", text.strip())]
    parts = [(_kind(paragraph), paragraph) for paragraph in paragraphs if paragraph]
    return render_to_string("mails/message.html", {"subject": subject, "parts": parts})


def _kind(paragraph):
    if re.fullmatch(r"https?://\S+", paragraph):
        return "link"
    return "code" if CODE.fullmatch(paragraph) else "text"
