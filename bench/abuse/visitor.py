"""Somebody at one address who asks, signs in and sends forms, as a program would."""

import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

SECONDS_TO_WAIT = 10
FORM = "application/x-www-form-urlencoded"


class Visitor:
    def __init__(self, shop, address, seconds=SECONDS_TO_WAIT):
        self.shop, self.address, self.seconds = shop, address, seconds
        self.cookies, self.token = {}, ""
        self.led_to, self.outcome = "/", ""

    def get(self, path, **headers):
        return self.ask("GET", path, None, headers)[0]

    def post(self, path, fields):
        return self.send(path, urlencode(fields), FORM)

    def send(self, path, body, kind):
        return self.ask("POST", path, body, {"Content-Type": kind})[0]

    def ask(self, method, path, body=None, headers=()):
        """Return (status, or the name of what went wrong; body of the answer)."""
        self.outcome = ""
        connection = HTTPConnection("127.0.0.1", self.shop.port, timeout=self.seconds)
        try:
            connection.sock = self.shop.connect(self.address, self.seconds)
            connection.request(method, path, body, self.headers() | dict(headers))
            answer = connection.getresponse()
            self.keep_cookies(answer)
            self.led_to = answer.headers.get("Location", self.led_to)
            self.outcome = answer.headers.get("X-Cache", "")
            return str(answer.status), answer.read()
        except (OSError, HTTPException) as error:
            return type(error).__name__, b""
        finally:
            connection.close()

    def headers(self):
        return {
            "Host": "127.0.0.1",
            "Accept-Encoding": "gzip",
            "Referer": "https://127.0.0.1/",
            # What nginx would add, and replaces where it is there.
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "X-CSRFToken": self.token,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }

    def keep_cookies(self, answer):
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value

    def open_form(self):
        """Get the token that every form needs."""
        self.get("/accounts/login/")
        self.token = self.cookies["__Host-csrftoken"]
        return self

    def sign_in(self, email, password):
        status = self.open_form().post("/accounts/login/", {"login": email, "password": password})
        if status != "302":
            raise RuntimeError(f"{email} cannot sign in: {status}")
        return self.open_form()

    def timed(self, path):
        """Return (seconds, status)."""
        start = time.monotonic()
        status = self.get(path)
        return time.monotonic() - start, status
