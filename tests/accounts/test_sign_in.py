import pytest
from django.core import mail
from django.test import Client

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
MISMATCH = "email address and/or password you specified are not correct"


@pytest.mark.parametrize(
    ("target", "arrives"),
    [
        ("/products/?q=vase", "/products/?q=vase"),
        ("http://testserver/sellers/kiln/", "http://testserver/sellers/kiln/"),
        ("https://evil.example/", "/accounts/"),
        ("//evil.example/", "/accounts/"),
        ("/\\evil.example/", "/accounts/"),
        ("javascript:alert(1)", "/accounts/"),
        ("", "/accounts/"),
    ],
)
def test_sign_in_leads_back_but_never_elsewhere(member, sign_in, target, arrives):
    assert sign_in(member.email, next=target).url == arrives


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/products/?q=vase", "/products/%3Fq%3Dvase"),
        ("http://testserver/accounts/password/reset/", "/accounts/"),
        ("https://evil.example/products/", "/accounts/"),
        ("", "/accounts/"),
    ],
)
def test_link_in_the_header_remembers_the_page_it_is_on(client, referer, target):
    response = client.get("/me/", headers={"Referer": referer})
    assert response.url == f"/accounts/login/?next={target}"


def test_email_address_is_known_in_any_case(member, sign_in):
    assert sign_in("ADA@Example.com").status_code == 302


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_wrong_password_and_unknown_address_look_alike(member, sign_in, email):
    page = sign_in(email, "wrong")
    assert page.status_code == 200
    assert MISMATCH in page.content.decode()


def test_unconfirmed_address_must_be_confirmed_first(client, sign_in):
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    assert sign_in(user.email).url == "/accounts/confirm-email/"
    assert mail.outbox[-1].to == [user.email]
    assert client.get("/accounts/").status_code == 302


def test_disabled_account_stays_outside(client, member, sign_in):
    member.is_active = False
    member.save()
    assert sign_in(member.email).url == "/accounts/inactive/"
    assert client.get("/accounts/").status_code == 302


def test_guessing_is_slowed_down(member, sign_in):
    for _ in range(5):
        assert MISMATCH in sign_in(member.email, "wrong").content.decode()
    assert "Too many failed" in sign_in(member.email).content.decode()


def test_sign_ups_from_one_place_are_limited(client):
    statuses = [client.post("/accounts/signup/", {}).status_code for _ in range(21)]
    assert statuses[:20] == [200] * 20
    assert statuses[20] == 429


def test_password_is_reset_by_a_link_that_works_once(client, member, sign_in, mailed):
    client.post("/accounts/password/reset/", {"email": member.email})
    link = mailed(r"https://shop\.example(\S+/password/reset/key/\S+)")
    form = client.get(link, follow=True)
    new = {"password1": "another-kettle-43", "password2": "another-kettle-43"}
    assert client.post(form.redirect_chain[-1][0], new).url == "/accounts/password/reset/key/done/"
    assert "used up" in Client().get(link, follow=True).content.decode()
    assert sign_in(member.email, "another-kettle-43").url == "/accounts/"


def test_reset_says_the_same_to_everybody(client, member):
    known = client.post("/accounts/password/reset/", {"email": member.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert known.url == unknown.url == "/accounts/password/reset/done/"
    assert "there is no account with it" in mail.outbox[-1].body


def test_other_places_are_signed_out(client, member, sign_in):
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    sign_in(member.email)
    assert "Sign out everywhere else" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert elsewhere.get("/accounts/").status_code == 302
    assert client.get("/accounts/").status_code == 200


def test_new_password_signs_out_other_places(client, member, sign_in):
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    sign_in(member.email)
    new = {"oldpassword": PASSWORD, "password1": "another-kettle-43", "password2": "another-kettle-43"}
    assert client.post("/accounts/password/change/", new).status_code == 302
    assert elsewhere.get("/accounts/").status_code == 302
    assert client.get("/accounts/").status_code == 200
    assert "was changed" in mail.outbox[-1].body


def test_sign_out_asks_first_and_takes_the_marker_away(client, member, sign_in):
    sign_in(member.email)
    assert client.cookies["marker"].value == "member"
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/").url == "/"
    assert client.cookies["marker"].value == ""
    assert client.get("/accounts/").status_code == 302


def test_strangers_guesses_do_not_lock_the_owner_out(member):
    stranger, owner = Client(REMOTE_ADDR="198.51.100.7"), Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(6):
        page = stranger.post("/accounts/login/", {"login": member.email, "password": "wrong"})
    assert "Too many failed" in page.content.decode()
    assert owner.post("/accounts/login/", {"login": member.email, "password": PASSWORD}).url == "/accounts/"


def test_code_by_mail_is_another_way_in(client, member, mailed, settings):
    for n in range(70):  # From so many networks that the account is closed for a while.
        other = Client(REMOTE_ADDR=f"198.51.{n}.7")
        page = other.post("/accounts/login/", {"login": member.email, "password": "wrong"})
    assert "Too many failed" in page.content.decode()
    assert "Email me a code instead" in page.content.decode()
    assert client.post("/accounts/login/code/", {"email": member.email}).status_code == 302
    assert "Check your email" in client.get("/accounts/login/code/confirm/").content.decode()
    code = {"code": mailed(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$")}
    assert client.post("/accounts/login/code/confirm/", code).url == "/accounts/"


def test_one_address_gets_so_many_mails_a_day(member):
    for n in range(60):
        Client(REMOTE_ADDR=f"198.51.{n}.7").post("/accounts/login/code/", {"email": member.email})
    assert 0 < len(mail.outbox) <= 20


def test_all_mails_are_bounded_and_staff_are_told(settings, caplog):
    settings.MAILS_AN_HOUR = 3
    for n in range(5):
        answer = Client(REMOTE_ADDR=f"198.51.{n}.7").post(
            "/accounts/password/reset/", {"email": f"person{n}@example.com"}
        )
        assert answer.status_code == 302
    assert len(mail.outbox) == 3
    assert "MAILS_AN_HOUR" in caplog.text
