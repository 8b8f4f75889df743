"""Mails of the shop: written once as plain text, and shown in HTML as well.

Templates say by the tags of templatetags/mails.py what is a button, a link or a code. The tags put a
control character before it, and printable() takes those out of all that people have typed.
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
    """Return a mail: the first line of a text template is its subject, the rest its text."""
    subject, _, text = render_to_string(template, context).strip().partition("\n")
    return with_html(EmailMultiAlternatives(printable(subject), text.strip() + "\n", to=[to]))


def with_html(mail):
    """Give a mail that was rendered from a template its HTML, and take the marks out of its text."""
    mail.attach_alternative(as_html(mail.subject, mail.body), "text/html")
    mail.body = mail.body.translate(dict.fromkeys(map(ord, MARKS)))
    return mail


def printable(text):
    """Return a text as one line, without control characters and what else shows nothing or turns lines."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())


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
    # Django names the function where it logs an error, and a partial has no name.
    transaction.on_commit(lambda: deliver(mail), robust=True)


def as_html(subject, text):
    """Show the text of a mail as HTML, each paragraph as what its template says it is."""
    paragraphs = [paragraph.strip() for paragraph in re.split(r"\n\s*\n", text.strip())]
    parts = [_part(paragraph) for paragraph in paragraphs if paragraph]
    return render_to_string("mails/message.html", {"subject": subject, "parts": parts})


def _part(paragraph):
    kind = KINDS.get(paragraph[0], "text")
    if kind == "quotation":
        return kind, "\n".join(line.removeprefix(">").strip() for line in paragraph.splitlines())
    return kind, paragraph.lstrip(MARKS)
