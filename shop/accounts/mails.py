"""Mails of the shop: written once as plain text, and shown in HTML as well."""

import re

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

CODE = re.compile(r"[A-Z0-9]{3,}(-[A-Z0-9]{3,})*")


def compose(template, to, context):
    """Return a mail: the first line of a text template is its subject, the rest its text."""
    subject, _, text = render_to_string(template, context).strip().partition("\n")
    mail = EmailMultiAlternatives(subject.strip(), text.strip() + "\n", to=[to])
    mail.attach_alternative(as_html(mail.subject, mail.body), "text/html")
    return mail


def as_html(subject, text):
    """Show a plain text as HTML: an address alone in its paragraph is a button, a code stands out."""
    paragraphs = [paragraph.strip() for paragraph in re.split(r"\n\s*\n", text.strip())]
    parts = [(_kind(paragraph), paragraph) for paragraph in paragraphs if paragraph]
    return render_to_string("mails/message.html", {"subject": subject, "parts": parts})


def _kind(paragraph):
    if re.fullmatch(r"https?://\S+", paragraph):
        return "link"
    return "code" if CODE.fullmatch(paragraph) else "text"
