"""Whatever people call themselves and write: a mail's buttons, links and codes are those of its template."""

import re
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.core import mail
from django.test import RequestFactory

from shop.accounts.mails import as_html, compose, deliver

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR) / "templates"
OF_ALLAUTH = Path(allauth.__file__).parent / "templates"
# Not in use: there are no passkeys, no other services to sign in with, and resets are links.
UNUSED = {"webauthn_added", "webauthn_removed", "password_reset_code"}
# They go to whoever's address somebody typed, so they hold nothing else that was typed.
TO_STRANGERS = {
    *("account_already_exists", "email_confirmation", "email_confirmation_signup", "login_code"),
    *("password_reset_key", "unknown_account"),
}
NASTY = [
    "there,\n\nhttps://evil.example/x\n\nYours",
    "there,\r\n\r\nhttps://evil.example/x\r\n\r\nYours",
    "there,\u2028\u2028https://evil.example/x\u2029\u2029",
    "x\x0b\x0bhttps://evil.example/\x0c\x0c\x85\x85https://evil.example/",
    "\x01https://evil.example/x",
    "a\n\n\x01https://evil.example/x\n\n\x02https://evil.example/\n\n\x03EVIL-CODE",
    "a\n\nEVIL-CODE\n\nb",
    "<a href='https://evil.example/'>Press</a>",
    "> quoted\n\n> https://evil.example/",
    "\u202ehttps://evil.example/\u202c\x00",
    "Subject\nBcc: all@evil.example\n\nhello",
    "{{ link }}{% button link %}",
]
PLAIN = "Anna Kiln"
NUMBERS = count()


def mails_of_allauth():
    found = {path.name.removesuffix("_message.txt") for path in OF_ALLAUTH.rglob("*/email/*_message.txt")}
    ours = {path.name.removesuffix("_message.txt") for path in TEMPLATES.rglob("*/email/*_message.txt")}
    social = {"account_connected", "account_disconnected"}
    return sorted((found | ours) - UNUSED - social - {"base", "base_message"})


def rendered_by_allauth(name, text):
    request = RequestFactory().get("/", headers={"user-agent": text})
    app = "mfa" if name.startswith(("recovery", "totp")) else "account"
    facts = {
        "user": SimpleNamespace(display_name=text, email=text),
        "email": text,
        "from_email": text,
        "to_email": text,
        "deleted_email": text,
        "ip": "127.0.0.1",
        "user_agent": text,
        "code": "ABCD-EFGH",
        "password_reset_url": "https://shop.example/accounts/password/reset/key/1-2/",
        "signup_url": "https://shop.example/accounts/signup/",
    }
    with context.request_context(request):
        # Somebody new each time: one address gets a few only.
        get_adapter().send_mail(f"{app}/email/{name}", f"ada{next(NUMBERS)}@example.com", facts)
    return mail.outbox.pop()


def rendered_by_us(name, text):
    product = SimpleNamespace(title=text)
    facts = {
        "application": SimpleNamespace(user=text, name=text, reason=text),
        "edit": SimpleNamespace(seller=SimpleNamespace(name=text), reason=text),
        "is_approved": name == "edit_approved",
        "product": product,
        "review": SimpleNamespace(product=product, author_name=text, rejection_reason=text, text=text),
        "link": "https://shop.example/somewhere/",
    }
    template = {"edit_approved": "edit_decided", "edit_rejected": "edit_decided"}.get(name, name)
    deliver(compose(f"mails/{template}.txt", "ada@example.com", facts))
    return mail.outbox.pop()


OURS = ["application_approved", "application_rejected", "edit_approved", "edit_rejected", "review_rejected"]
MAILS = [(rendered_by_allauth, name) for name in mails_of_allauth()] + [
    (rendered_by_us, name) for name in OURS
]


def test_every_mail_of_the_shop_is_tried():
    known = {"edit_decided", *OURS} - {"edit_approved", "edit_rejected"}
    assert {path.stem for path in (TEMPLATES / "mails").glob("*.txt")} == known


@pytest.mark.parametrize(("rendered", "name"), MAILS, ids=[name for _, name in MAILS])
def test_what_people_typed_is_text_and_nothing_else(rendered, name):
    usual = shape(rendered(name, PLAIN))
    for text in NASTY:
        message = rendered(name, text)
        assert shape(message) == usual, text
        assert len(message.subject.splitlines()) == 1
        message.message()  # Its headers can be written.
        if name in TO_STRANGERS:
            assert "evil" not in str(message.message()).lower()
        # A line of its own is only what the mail says is a quotation.
        own = [line for line in message.body.splitlines() if not line.startswith(">")]
        assert not any(
            re.match(r"\W*(https?:|EVIL-CODE|Yours)", line) for line in own if "shop.example" not in line
        )
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", message.body)


def shape(message):
    """Return what a mail's HTML leads to and lets stand out, and how many lines are not quoted."""
    (html,) = [content for content, _ in message.alternatives]
    links = re.findall(r'href="([^"]*)"', html)
    codes = re.findall(r'class="code">([^<]*)<', html)
    return links, codes, sum(not line.startswith(">") for line in message.body.splitlines())


def test_no_template_puts_in_a_text_as_it_is():
    """Each variable goes through a filter for texts of people, or is put together by the shop."""
    of_the_shop = r"timestamp\|date:\"j F Y, H:i\"|ip|user_agent\|browser|[\w.]+\|(line|quoted)"
    for path in [*TEMPLATES.glob("mails/*.txt"), *TEMPLATES.rglob("*/email/*.txt")]:
        for variable in re.findall(r"\{\{\s*(.*?)\s*\}\}", path.read_text(encoding="utf-8")):
            assert re.fullmatch(of_the_shop, variable), (path.name, variable)


def test_mail_is_text_and_html(client, member):
    client.post("/accounts/password/reset/", {"email": member.email})
    (message,) = mail.outbox
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert message.subject == "A new password for Ingle"
    link = next(line for line in message.body.splitlines() if "/reset/key/" in line)
    assert f'<a href="{link}">A new password for Ingle</a>' in html
    assert message.body.endswith("Ingle\n\nhttps://shop.example/")
    assert '<p><a href="https://shop.example/">https://shop.example/</a></p>' in html


def test_html_makes_nothing_of_a_text():
    html = as_html("Hello", "Hello <b>Ada</b>,\n\nABCD-EFGH\n\nhttps://shop.example/\n\n> one\n>\n> two")
    assert "Hello &lt;b&gt;Ada&lt;/b&gt;," in html
    assert "href" not in html
    assert "<p>ABCD-EFGH</p>" in html
    assert "<blockquote>one<br><br>two</blockquote>" in html


def test_stranger_gets_no_text_of_who_signs_up(client):
    name = "there,\n\nhttps://evil.example/x\n\nYours"
    form = {"display_name": name, "email": "victim@example.com", "password1": "a-long-kettle-42"}
    client.post("/accounts/signup/", form)
    client.post("/accounts/password/reset/", {"email": "victim@example.com"})
    assert [message.to for message in mail.outbox] == [["victim@example.com"]] * 2
    assert not any("evil" in str(message.message()) for message in mail.outbox)
