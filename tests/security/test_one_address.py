"""Whatever host a request came to, pages and mails speak of the one in SITE_URL."""

import re

import pytest
from django.core import mail
from django.test import Client

from storefront import settings as configured
from tests.factories import PhotoFactory, ProductFactory, ReviewFactory, SellerFactory, UserFactory

pytestmark = pytest.mark.django_db

OURS = "https://shop.example"
HOSTS = ["testserver", "TESTSERVER", "testserver:8443", "testserver.", "www.alias.example", "127.0.0.1:81"]
# Names that are written in pages, and are nobody's address.
VOCABULARY = ("https://schema.org", "http://www.w3.org", "http://www.sitemaps.org")
ABSOLUTE = re.compile(r"https?://[^\s\"'<>\\]+")


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.ALLOWED_HOSTS = ["testserver", "www.alias.example", "127.0.0.1"]


@pytest.fixture
def addresses():
    product = ProductFactory(slug="vase", seller=SellerFactory(slug="kiln"))
    PhotoFactory(product=product)
    ReviewFactory(product=product)
    for n in range(26):
        ProductFactory(seller=product.seller, category=product.category, title=f"Vase {n}")
    return [
        *("/", "/products/", "/products/?page=2", f"/categories/{product.category.path}/", "/products/vase/"),
        *("/products/vase/reviews/", "/sellers/kiln/", "/sellers/kiln/?page=2", "/filters/", "/feed.xml"),
        *("/sitemap.xml", "/sitemap-products.xml", "/sitemap-pages.xml", "/suggestions/?q=va"),
    ]


def test_one_entry_serves_all_hosts_and_names_ours_only(client, addresses):
    named = 0
    for address in addresses:
        first, *others = [client.get(address, headers={"Host": host}) for host in HOSTS]
        assert {other.headers["X-Cache"] for other in others} == {"hit"}, address
        assert {other.content for other in others} == {first.content}
        found = [url for url in ABSOLUTE.findall(first.text) if not url.startswith(VOCABULARY)]
        assert [url for url in found if not url.startswith(f"{OURS}/")] == [], address
        named += len(found)
    assert named > 100


@pytest.mark.parametrize("address", ["/robots.txt", "/.well-known/security.txt"])
def test_texts_for_robots_and_researchers_name_our_address(client, address):
    texts = {client.get(address, headers={"Host": host}).text for host in HOSTS}
    assert len(texts) == 1
    assert ABSOLUTE.findall(text := texts.pop()) and all(
        url.startswith(OURS) for url in ABSOLUTE.findall(text)
    )


def test_picture_on_a_host_of_its_own_is_named_as_it_is(client, settings, addresses):
    elsewhere = settings.STORAGES["default"] | {"OPTIONS": {"base_url": "https://media.shop.example/"}}
    settings.STORAGES = settings.STORAGES | {"default": elsewhere}
    page = client.get("/products/vase/").text
    image = re.search('property="og:image" content="(.*?)"', page)[1]
    assert image.count("https://") == 1


@pytest.mark.parametrize("host", ["www.alias.example", "testserver:8443"])
@pytest.mark.parametrize(
    ("address", "email"),
    [
        ("/accounts/password/reset/", "anna@shop.example"),
        ("/accounts/password/reset/", "nobody@shop.example"),
        ("/accounts/signup/", "anna@shop.example"),
    ],
)
def test_links_of_mails_lead_to_our_address(host, address, email):
    user = UserFactory(email="anna@shop.example")
    user.emailaddress_set.update_or_create(email=user.email, defaults={"verified": True, "primary": True})
    fields = {"email": email, "display_name": "Anna", "password1": "a long enough secret"}
    client = Client(headers={"Host": host})
    assert client.post(address, fields).status_code == 302
    check_mail()


def check_mail():
    [message] = mail.outbox
    for text in (message.body, message.alternatives[0][0]):
        links = [url for url in ABSOLUTE.findall(text) if not url.startswith(VOCABULARY)]
        assert links and all(link.startswith(f"{OURS}/") for link in links)


@pytest.mark.parametrize(
    ("given", "hosts", "debug", "address"),
    [
        ("", ["shop.example", "www.shop.example"], False, "https://shop.example"),
        ("", [".shop.example", "*", "127.0.0.1"], False, "https://127.0.0.1"),
        ("", ["shop.example"], True, "http://127.0.0.1:8000"),
        ("https://Shop.Example:8443/", ["x.example"], False, "https://shop.example:8443"),
        ("http://shop.example", ["x.example"], False, "http://shop.example"),
    ],
)
def test_address_is_what_is_configured_or_the_first_host(monkeypatch, given, hosts, debug, address):
    configure(monkeypatch, given, hosts, debug)
    assert configured.site_url() == address


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ("", ["*"]),
        ("", [".shop.example"]),
        ("shop.example", ["shop.example"]),
        ("ftp://shop.example", ["shop.example"]),
        ("https://shop.example/path", ["shop.example"]),
        ("https://a@shop.example", ["shop.example"]),
        ("https://shop.example?x", ["shop.example"]),
        ("https://", ["shop.example"]),
    ],
)
def test_address_that_is_none_stops_the_start(monkeypatch, given, hosts):
    configure(monkeypatch, given, hosts, debug=False)
    with pytest.raises(SystemExit, match="Set SITE_URL in the environment"):
        configured.site_url()


def configure(monkeypatch, given, hosts, debug):
    monkeypatch.setenv("SITE_URL", given)
    monkeypatch.setattr(configured, "ALLOWED_HOSTS", hosts)
    monkeypatch.setattr(configured, "DEBUG", debug)
