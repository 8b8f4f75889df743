"""Emails, written once as plain text and converted to HTML.

The tags of templatetags/mails.py mark buttons, links and codes with a control character before them;
printable() removes control characters from typed texts.
"""

import logging
import re

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

BUTTON, LINK, CODE = MARKS = "\x01\x02\x03"
KINDS = {BUTTON: "button", LINK: "link", CODE: "code", ">": "quotation"}


def compose(template, to, context):
    """Return an email; the first line of its text template is the subject."""
    subject, _, text = render_to_string(template, context).strip().partition("\n")
    return with_html(EmailMultiAlternatives(printable(subject), text.strip() + "\n", to=[to]))


def with_html(mail):
    """Add an HTML version to an email, and remove the marks from its text."""
    mail.attach_alternative(as_html(mail.subject, mail.body), "text/html")
    mail.body = mail.body.translate(dict.fromkeys(map(ord, MARKS)))
    return mail


def printable(text):
    """Return a text on one line, without unprintable characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())


def deliver(mail):
    """Send an email and return whether the mail server accepted it; never raises."""
    try:
        return bool(mail.send())
    except (OSError, ValueError) as error:  # Connection and SMTP errors; invalid headers.
        # Without the error's message, which contains the recipient.
        logger.error("the mail %r was not sent: %s", mail.subject, type(error).__name__)
        return False


def deliver_after_commit(mail):
    """Send an email once the current transaction is committed."""
    # A lambda, as Django logs the function's name on errors and a partial has none.
    transaction.on_commit(lambda: deliver(mail), robust=True)


def as_html(subject, text):
    """Convert the text of an email to HTML, each paragraph by its mark."""
    paragraphs = [paragraph.strip() for paragraph in re.split(r"\n\s*\n", text.strip())]
    parts = [_part(paragraph) for paragraph in paragraphs if paragraph]
    return render_to_string("mails/message.html", {"subject": subject, "parts": parts})


def _part(paragraph):
    kind = KINDS.get(paragraph[0], "text")
    if kind == "quotation":
        return kind, "\n".join(line.removeprefix(">").strip() for line in paragraph.splitlines())
    return kind, paragraph.lstrip(MARKS)
