"""A browser as far as the admin needs one: cookies, and forms sent back as they came."""

from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

SECONDS_TO_WAIT = 60


class Form(HTMLParser):
    """The fields of the form with some id, as a browser would send them."""

    def __init__(self, form_id, html):
        super().__init__()
        self.form_id = form_id
        self.fields = {}
        self.errors = []
        self.is_inside = False
        self.name = self.text = None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.is_inside = attributes.get("id") == self.form_id
        elif "errorlist" in (attributes.get("class") or ""):
            self.errors.append(self.getpos())
        elif self.is_inside and "__prefix__" not in (attributes.get("name") or ""):
            self.handle_field(tag, attributes)

    def handle_field(self, tag, attributes):
        if tag == "input":
            self.handle_input(**attributes)
        elif tag in ("select", "textarea"):
            self.name, self.text = attributes["name"], ""
        elif tag == "option" and "selected" in attributes and self.name:
            self.fields[self.name] = attributes["value"]

    def handle_input(self, name=None, type="text", value="", **others):
        is_sent = type not in ("submit", "button", "file") and "disabled" not in others
        is_chosen = type not in ("checkbox", "radio") or "checked" in others
        if name and is_sent and is_chosen:
            self.fields[name] = value or ("on" if type == "checkbox" else "")

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea" and self.name:
            self.fields[self.name] = self.text.removeprefix("\r\n").removeprefix("\n")
        if tag in ("select", "textarea"):
            self.name = self.text = None


class UnexpectedStatusError(OSError):
    """The answer has another status than the one that would let us go on."""


class Browser:
    """Raises OSError or http.client.HTTPException where there is no answer."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}
        self.connection = None

    def sign_in(self, email, password):
        form = self.open("/accounts/login/", "login-form")
        status, _ = self.send("/accounts/login/", form.fields | {"login": email, "password": password})
        if status != 302:
            raise UnexpectedStatusError(status)

    def open(self, path, form_id):
        """Return the Form of a page, asked for over a connection of its own."""
        if self.connection:
            self.connection.close()
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_WAIT)
        status, body = self.ask("GET", path)
        if status != 200:
            raise UnexpectedStatusError(status)
        return Form(form_id, body.decode())

    def send(self, path, fields):
        """Return (status, body) of the answer to a form."""
        body = urlencode(fields)
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def ask(self, method, path, body=None, headers=()):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {"Cookie": cookie, **dict(headers)})
        response = self.connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return response.status, response.read()
