"""Forms that are dear to take in; each function makes, of a Visitor, one that sends the form."""

from .bodies import multipart
from .runner import PRODUCT
from .shop import MEMBER, PASSWORD, SELLER
from .visitor import FORM

REVIEWS = f"{PRODUCT}reviews/"


def review_with(name, picture):
    def make(visitor):
        visitor.open_form()
        content = picture()
        fields = {"rating": 5, "title": "Good", "text": "It pours well.", "author_name": "Ada"}
        body, kind = multipart(fields, [("photos", f"{n}-{name}", content) for n in range(4)])
        return lambda number: visitor.send(REVIEWS, body, kind)

    return make


def review_of(text, signed_in):
    def make(visitor):
        if signed_in:
            visitor.sign_in(MEMBER, PASSWORD)
        else:
            visitor.open_form()
        fields = {"rating": 5, "title": "Good", "text": text, "author_name": "Ada"}
        return lambda number: visitor.post(REVIEWS, fields)

    return make


def upload_of(name, picture):
    def make(visitor):
        visitor.sign_in(SELLER, PASSWORD)
        body, kind = multipart({}, [("pictures", name, picture())])
        return lambda number: visitor.send("/sell/uploads/", body, kind)

    return make


def application_with(name, picture):
    def make(visitor):
        visitor.sign_in(MEMBER, PASSWORD)
        fields = {"name": "Loom", "craft": "Linen", "about": "We weave."}
        body, kind = multipart(fields, [("logo", name, picture())])
        return lambda number: visitor.send("/sell/apply/", body, kind)

    return make


def markdown_table(visitor):
    visitor.sign_in(SELLER, PASSWORD)
    row = "|" + "|" * 1500 + "\n"
    text = row + "|" + "-|" * 1500 + "\n" + "|\n" * 14_000
    return lambda number: visitor.post("/sell/markdown/", {"description": text})


def import_of_backslashes(visitor):
    visitor.sign_in(SELLER, PASSWORD)
    cell = "Size: " + r"\a" * 27
    table = f"title,category,price,stock,details\nBowl,decor,10,1,{cell}\n"
    body, kind = multipart({}, [("table", "products.csv", table.encode())])

    def send(number):
        status = visitor.send("/sell/import/", body, kind)
        return visitor.get(visitor.led_to) if status == "302" else status

    return send


def resets(visitor):
    visitor.open_form()
    return lambda number: visitor.post("/accounts/password/reset/", {"email": f"nobody-{number}@example.com"})


def sign_ins(visitor):
    visitor.open_form()
    return lambda number: visitor.post(
        "/accounts/login/", {"login": f"nobody-{number}@example.com", "password": "a-guess-of-mine"}
    )


def many_fields(visitor):
    visitor.open_form()
    body = "&".join(f"f{number}=" for number in range(400_000))
    return lambda number: visitor.send("/accounts/login/", body, FORM)


def fields_of_one_hash(visitor):
    """Whole numbers that a table of 2^61-1 puts into one place, as JSON and as names."""
    visitor.open_form()
    body = "&".join(f"{number * (2**61 - 1)}=1" for number in range(2000))
    return lambda number: visitor.send("/accounts/login/", body, FORM)
