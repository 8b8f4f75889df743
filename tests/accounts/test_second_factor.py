import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import caches
from django.test import Client

from tests.factories import PASSWORD
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def code_for(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def secret(client, trusted):
    """Switch on the second factor of a member, and return what their phone would know."""
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    page = client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert page.url == "/accounts/2fa/recovery-codes/"
    return secret


def half_signed_in(member):
    visitor = Client()
    page = visitor.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert page.url == "/accounts/2fa/authenticate/"
    assert visitor.get("/accounts/").status_code == 302
    return visitor


def test_password_alone_is_no_longer_enough(member, secret, monkeypatch):
    visitor = half_signed_in(member)
    refused = visitor.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "Incorrect code" in refused.content.decode()
    later = time.time() + 60  # a code works once
    monkeypatch.setattr(time, "time", lambda: later)
    assert visitor.post("/accounts/2fa/authenticate/", {"code": code_for(secret)}).url == "/accounts/"


def test_recovery_code_works_once(client, member, secret):
    code = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    assert half_signed_in(member).post("/accounts/2fa/authenticate/", {"code": code}).url == "/accounts/"
    again = half_signed_in(member).post("/accounts/2fa/authenticate/", {"code": code})
    assert "Incorrect code" in again.content.decode()


def test_second_factor_is_switched_off(client, secret):
    assert client.post("/accounts/2fa/totp/deactivate/").url == "/accounts/2fa/"
    assert "Switch it on" in client.get("/accounts/2fa/").content.decode()


class TestStaff:
    @pytest.fixture(autouse=True, params=[True, False], ids=["superuser", "staff"])
    def required(self, settings, member, request):
        settings.STAFF_NEED_SECOND_FACTOR = True
        member.is_staff, member.is_superuser = True, request.param
        member.save()

    @pytest.mark.parametrize("address", ["/admin/", "/admin/accounts/user/", "/me/cache/?page=/"])
    def test_see_nothing_before_they_have_one(self, client, trusted, address):
        assert client.get(address).url == "/accounts/2fa/totp/activate/"
        page = client.get("/accounts/2fa/totp/activate/")
        assert "Staff sign in with a second factor" in page.content.decode()

    def test_see_everything_with_it_and_keep_it(self, client, secret):
        assert client.get("/admin/").status_code == 200
        refused = client.post("/accounts/2fa/totp/deactivate/")
        assert "cannot deactivate" in refused.content.decode()

    def test_need_none_where_the_settings_ask_for_none(self, client, member, sign_in, settings):
        settings.STAFF_NEED_SECOND_FACTOR = False
        sign_in(member.email)
        assert client.get("/admin/").status_code == 200


def test_admin_has_no_way_in_of_its_own(client, member):
    assert client.get("/admin/login/?next=/admin/").url == "/accounts/login/?next=%2Fadmin%2F"
    client.force_login(member)
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def at(monkeypatch, secret, moment, of=None):
    """Set the clock to a moment, and return the code of another one."""
    monkeypatch.setattr(time, "time", lambda: moment)
    return format_hotp_value(hotp_value(secret, int(moment if of is None else of) // 30))


def sign_in_with(member, code):
    # As another process would: nothing but the database remembers.
    caches["default"].clear()
    answer = half_signed_in(member).post("/accounts/2fa/authenticate/", {"code": code})
    return answer.status_code == 302


def test_code_works_once_whoever_remembers_it(member, secret, monkeypatch):
    now = time.time() + 120
    code = at(monkeypatch, secret, now)
    assert sign_in_with(member, code)
    for seconds in (0, 29, 32, 45):
        at(monkeypatch, secret, now + seconds)
        assert not sign_in_with(member, code), seconds
    assert sign_in_with(member, at(monkeypatch, secret, now + 60))
    # A code of a step before the last one used does not work either, though it was never used.
    assert not sign_in_with(member, at(monkeypatch, secret, now + 60, of=now + 30))


@pytest.mark.django_db(transaction=True)
def test_code_that_set_it_up_is_used(member, client, trusted, monkeypatch):
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    code = at(monkeypatch, secret, time.time())
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert not sign_in_with(member, code)


def test_code_confirms_once(client, member, secret, monkeypatch):
    code = at(monkeypatch, secret, time.time() + 120)
    assert sign_in_with(member, code)
    caches["default"].clear()
    page = client.post("/accounts/2fa/reauthenticate/", {"code": code})
    assert "Incorrect code" in page.content.decode()


def test_failed_guesses_stay_counted(member, secret):
    visitor = half_signed_in(member)
    pages = [visitor.post("/accounts/2fa/authenticate/", {"code": "000000"}) for _ in range(6)]
    assert "Incorrect code" in pages[4].content.decode()
    assert "Too many" in pages[5].content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_of_two_at_once_one_wins(member, kind):
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    code = code_for(secret) if kind == "totp" else RecoveryCodes.activate(member).get_unused_codes()[0]
    visitors = [half_signed_in(member), half_signed_in(member)]

    def send(visitor):
        return lambda: visitor.post("/accounts/2fa/authenticate/", {"code": code}).status_code

    assert sorted(at_once(*map(send, visitors))) == [200, 302]
