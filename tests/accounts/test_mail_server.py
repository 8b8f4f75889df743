"""Mail servers that say nothing, drip, or refuse: forms go on, and no more than part of the shop waits."""

import socket
import threading
from contextlib import suppress

import pytest
from django.core import mail as django_mail
from django.core.cache import caches

from shop.accounts.adapters import NOT_SENT
from shop.accounts.models import User
from storefront import mail
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

FORMS = {
    "sign-up": (
        "/accounts/signup/",
        {"display_name": "Bea", "email": "bea@example.com", "password1": PASSWORD},
    ),
    "sign-up of a member": (
        "/accounts/signup/",
        {"display_name": "Ada", "email": "ada@example.com", "password1": PASSWORD},
    ),
    "reset": ("/accounts/password/reset/", {"email": "ada@example.com"}),
    "reset of nobody": ("/accounts/password/reset/", {"email": "nobody@example.com"}),
}


class MailServer:
    """Something that listens where a mail server should, and behaves like this to whoever comes."""

    def __init__(self, behave):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.behave = behave
        self.visitors = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with suppress(OSError):
            while True:
                visitor, _ = self.listener.accept()
                self.visitors.append(visitor)
                threading.Thread(target=self.meet, args=[visitor], daemon=True).start()

    def meet(self, visitor):
        with suppress(OSError):
            self.behave(visitor)

    def close(self):
        # Else accept() goes on in its thread.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for visitor in self.visitors:
            visitor.close()


def says_nothing(visitor):
    visitor.recv(1)


def drips(visitor):
    while True:
        visitor.sendall(b"2")
        threading.Event().wait(0.05)


def hangs_after_the_greeting(visitor):
    visitor.sendall(b"220 mail.example\r\n")
    visitor.recv(1000)


def hangs_after_the_mail(visitor):
    visitor.sendall(b"220 mail.example\r\n")
    lines = visitor.makefile("rb")
    for line in lines:
        if line.upper().startswith(b"DATA"):
            visitor.sendall(b"354 go on\r\n")
            break
        visitor.sendall(b"250 fine\r\n")
    lines.read()


def hangs_up(visitor):
    visitor.close()


def refuses_everybody(visitor):
    visitor.sendall(b"220 mail.example\r\n")
    for line in visitor.makefile("rb"):
        is_hello = line.upper().startswith((b"EHLO", b"RSET"))
        visitor.sendall(b"250 hello\r\n" if is_hello else b"550 not from you\r\n")


def is_full(visitor):
    visitor.sendall(b"421 too many connections\r\n")
    visitor.close()


BEHAVIOURS = [
    says_nothing,
    drips,
    hangs_after_the_greeting,
    hangs_after_the_mail,
    hangs_up,
    refuses_everybody,
    is_full,
]


@pytest.fixture
def mail_server(settings, monkeypatch):
    """Return a function that starts a mail server with a behaviour, and has the shop use it."""
    servers = []

    def start(behave):
        servers.append(MailServer(behave))
        settings.EMAIL_PORT = servers[-1].port
        return servers[-1]

    settings.EMAIL_BACKEND = "storefront.mail.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.3
    monkeypatch.setattr(mail, "SECONDS_IN_ALL", 1)
    monkeypatch.setattr(mail, "circuit", mail.Circuit("The mail server", 600))
    yield start
    for server in servers:
        server.close()


@pytest.mark.parametrize("behave", BEHAVIOURS, ids=lambda behave: behave.__name__)
def test_forms_go_on_and_say_that_no_email_was_sent(client, member, mail_server, behave, caplog):
    mail_server(behave)
    for path, fields in FORMS.values():
        answer = client.post(path, fields, follow=True)
        client.cookies.clear()
        assert (answer.status_code, answer.redirect_chain[0][1]) == (200, 302)
        assert NOT_SENT.replace("'", "&#x27;") in answer.content.decode()
    assert "@example.com" not in caplog.text
    assert "was not sent" in caplog.text


def test_who_signed_up_meanwhile_gets_a_code_later(client, mail_server, settings):
    mail_server(says_nothing)
    client.post(*FORMS["sign-up"])
    assert User.objects.filter(email="bea@example.com").count() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    caches["default"].clear()  # A new code is sent each three minutes at most.
    client.post("/accounts/confirm-email/", {"action": "resend"})
    assert [message.to for message in django_mail.outbox] == [["bea@example.com"]]


@pytest.mark.parametrize("behave", [says_nothing, drips, hangs_after_the_greeting])
def test_only_the_first_of_many_waits_for_a_server_that_hangs(client, member, mail_server, behave):
    server = mail_server(behave)
    for number in range(10):
        client.post("/accounts/password/reset/", {"email": f"nobody-{number}@example.com"})
    assert len(server.visitors) == 1


def test_no_more_than_part_of_the_threads_wait(client, member, mail_server):
    server = mail_server(says_nothing)
    for _ in range(2):
        assert mail.PLACES.acquire(blocking=False)
    try:
        answer = client.post(*FORMS["reset"], follow=True)
    finally:
        for _ in range(2):
            mail.PLACES.release()
    assert answer.status_code == 200
    assert server.visitors == []


def test_server_that_is_back_is_used(client, member, mail_server, monkeypatch):
    mail_server(hangs_up)
    client.post(*FORMS["reset"])
    assert mail.circuit.refuses()
    monkeypatch.setattr(mail.circuit, "next_trial", 0)
    taken = []

    def takes(visitor):
        visitor.sendall(b"220 mail.example\r\n")
        for line in visitor.makefile("rb"):
            taken.append(line)
            visitor.sendall(b"354 go on\r\n" if line.upper().startswith(b"DATA") else b"250 fine\r\n")

    mail_server(takes)
    client.post(*FORMS["reset"])
    assert not mail.circuit.refuses()
