"""Django's SMTP backend with limits on time and threads, for mail servers that hang.

EMAIL_TIMEOUT bounds only single answers: a server that sends a byte a second could hold a thread for ever.
"""

import smtplib
import socket
import threading
from contextlib import suppress

from django.core.mail.backends import smtp

from .circuit import Circuit

# Threads of a process that may talk to the mail server.
PLACES = threading.BoundedSemaphore(2)
SECONDS_IN_ALL = 10

circuit = Circuit("The mail server", 30)


class EmailBackend(smtp.EmailBackend):
    """Send each email within SECONDS_IN_ALL; raises TimeoutError at once while the circuit is open."""

    @property
    def connection_class(self):
        return BoundedSSL if self.use_ssl else Bounded

    def send_messages(self, messages):
        silent, self.fail_silently = self.fail_silently, False
        try:
            return self._send_in_turn(messages)
        except OSError:
            if silent:
                return 0
            raise
        finally:
            self.fail_silently = silent

    def _send_in_turn(self, messages):
        if circuit.refuses():
            raise TimeoutError("The mail server did not answer a moment ago.")
        if not PLACES.acquire(blocking=False):
            raise TimeoutError("Too many mails are being sent at the moment.")
        try:
            count = super().send_messages(messages)
        except OSError as error:
            if _is_of_the_connection(error):
                circuit.trip()
            raise
        finally:
            PLACES.release()
        circuit.reset()
        return count


def _is_of_the_connection(error):
    """Whether the server is unreachable, rather than refuse an email, password or recipient."""
    gone = isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError)
    return gone or not isinstance(error, smtplib.SMTPException)


class Bounded(smtplib.SMTP):
    """A connection that is closed after SECONDS_IN_ALL."""

    sock = None

    def __init__(self, *args, **kwargs):
        self.end = threading.Timer(SECONDS_IN_ALL, self._cut_off)
        self.end.daemon = True
        self.end.start()
        try:
            super().__init__(*args, **kwargs)
        except BaseException:
            self.end.cancel()
            raise

    def close(self):
        self.end.cancel()
        super().close()

    def _cut_off(self):
        with suppress(AttributeError, OSError):  # It is already closing.
            self.sock.shutdown(socket.SHUT_RDWR)


class BoundedSSL(Bounded, smtplib.SMTP_SSL):
    """The same over TLS."""
