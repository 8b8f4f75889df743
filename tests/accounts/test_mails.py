import pytest
from django.core import mail

from shop.accounts.mails import as_html

pytestmark = pytest.mark.django_db


def test_mail_is_text_and_html(client, member):
    client.post("/accounts/password/reset/", {"email": member.email})
    (message,) = mail.outbox
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert message.subject == "A new password for Ingle"
    link = next(line for line in message.body.splitlines() if "/reset/key/" in line)
    assert f'<a href="{link}">A new password for Ingle</a>' in html
    assert message.body.endswith("Ingle\nhttp://testserver/")


def test_what_people_typed_is_text_in_html():
    html = as_html("Hello", "Hello <b>Ada</b>,\n\nABCD-EFGH\n\nsee https://shop.example/a?b=1&c=2 for more")
    assert "Hello &lt;b&gt;Ada&lt;/b&gt;," in html
    assert '<p class="code">ABCD-EFGH</p>' in html
    assert 'href="https://shop.example/a?b=1&amp;c=2"' in html
