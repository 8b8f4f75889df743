"""What every answer says to the browser: pages, islands, errors, redirects and files."""

import pytest
from django.core.files.storage import default_storage

from tests.factories import picture_file
from tests.stocked import ADDRESSES

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
OTHERS = [
    "/nothing/",
    "/me/",
    "/accounts/login/",
    "/accounts/",
    "/sell/",
    "/admin/",
    "/feed.xml",
    "/sitemap.xml",
]
OTHERS += ["/healthz", "/metrics", "/robots.txt", "/favicon.ico", "/products/belly-vase/reviews"]


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("GZIP;q=0.5, br", True),
        ("br;q=1.0, gzip;q=0.001", True),
        ("*", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("gzip;q=0,deflate", False),
        ("*;q=0", False),
        ("identity", False),
        ("", False),
    ],
)
def test_only_those_who_accept_it_get_a_packed_answer(client, stock, accepted, is_packed):
    headers = {"Accept-Encoding": accepted} if accepted else {}
    for path in ("/products/belly-vase/", "/accounts/login/", "/feed.xml", "/nothing/"):
        for _ in range(2):
            response = client.get(path, headers=headers)
            assert (response.headers.get("Content-Encoding") == "gzip") == is_packed, path


def directives(response):
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def test_headers_of_every_answer(client, stock):
    addresses = [*ADDRESSES.values(), *OTHERS]
    for response in [client.get(address, headers=headers) for address in addresses for headers in ({}, HTMX)]:
        policy = directives(response)
        assert policy["default-src"] == ["'self'"]
        assert policy["object-src"] == policy["frame-ancestors"] == ["'none'"]
        assert policy["base-uri"] == policy["form-action"] == ["'self'"]
        assert "script-src" not in policy
        assert "style-src" not in policy
        text = response.headers["Content-Security-Policy"]
        assert [word for word in ("unsafe", "nonce", "*", "http:", "https:") if word in text] == []
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        if response.status_code == 200:
            assert response.headers["X-Frame-Options"] == "DENY"
        assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("media", "sources"),
    [
        ("media/", ["'self'", "data:"]),
        ("https://media.shop.example/m/", ["'self'", "data:", "https://media.shop.example"]),
        ("//media.shop.example:8443/", ["'self'", "data:", "media.shop.example:8443"]),
    ],
)
def test_pictures_come_from_the_shop_and_from_where_its_uploads_are(client, db, settings, media, sources):
    settings.MEDIA_URL = media
    assert directives(client.get("/healthz"))["img-src"] == sources


def test_headers_of_an_error(client, db, monkeypatch):
    monkeypatch.setattr("storefront.views.serve", lambda *args, **kwargs: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/media/x.jpg")
    assert response.status_code == 500
    assert directives(response)["default-src"] == ["'self'"]


def test_uploaded_file_can_do_nothing_in_a_browser(client, db):
    name = default_storage.save("uploads/picture.html", picture_file())
    response = client.get(f"/media/{name}")
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["../settings.py", "..%2fsettings.py", "%2e%2e/db.sqlite3", "/etc/passwd", "."]
)
def test_no_file_outside_the_uploads_is_sent(client, db, path):
    assert client.get(f"/media/{path}").status_code in (400, 404)


def test_host_header_reaches_no_mail(client, member, mailoutbox):
    reset = client.post(
        "/accounts/password/reset/", {"email": member.email}, headers={"Host": "evil.example"}
    )
    assert reset.status_code == 400
    client.post(
        "/accounts/password/reset/", {"email": member.email}, headers={"X-Forwarded-Host": "evil.example"}
    )
    assert "https://shop.example/" in mailoutbox[-1].body
    assert "evil.example" not in mailoutbox[-1].body
