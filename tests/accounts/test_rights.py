"""Nobody signs in as somebody with more rights, by whatever form, action or address of the admin."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.test import Client

from shop.accounts.models import User
from shop.accounts.rights import CredentialsAdmin, may_change_credentials
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db

GROUPS = ("Catalogue", "Moderation", "Support")
# All that staff can be allowed to do with people, and nothing else.
PEOPLE = ("accounts", "account", "mfa", "auth")


def of_people():
    return Permission.objects.filter(content_type__app_label__in=PEOPLE)


def person(name, group=None, rights=(), **fields):
    someone = MemberFactory(email=f"{name}@example.com".lower(), **fields)
    someone.groups.set(Group.objects.filter(name=group))
    someone.user_permissions.set(rights)
    secret = {"secret": "JBSWY3DPEHPK3PXP"}
    Authenticator.objects.create(user=someone, type=Authenticator.Type.TOTP, data=secret)
    someone.emailaddress_set.create(email=f"second-{someone.email}")
    return someone


@pytest.fixture
def people(db):
    everybody = {group: person(group, group, is_staff=True) for group in GROUPS}
    caching = Permission.objects.filter(codename="view_version")
    staff = {"is_staff": True}
    return everybody | {
        "shopper": person("shopper"),
        "gone": person("gone", is_active=False),
        "one right": person("one-right", rights=caching, **staff),
        "inactive staff": person("inactive-staff", "Catalogue", is_active=False, **staff),
        "manager": person("manager", rights=of_people(), **staff),
        "peer": person("peer", rights=of_people(), **staff),
        "superuser": person("superuser", is_superuser=True, **staff),
        "inactive superuser": person("inactive-superuser", is_superuser=True, is_active=False, **staff),
    }


# Whose credentials each may change; nobody else's.
REACH = {
    "Catalogue": set(),
    "Moderation": set(),
    "Support": {"shopper", "gone"},
    "manager": {"shopper", "gone", "peer"},
    "superuser": {"shopper", "manager", "inactive superuser"},
}
FEW = {"shopper", "one right", "peer", "superuser", "inactive superuser"}


def user_form(client, target, **changes):
    flags = {name: "on" for name in ("is_active", "is_staff", "is_superuser") if getattr(target, name)}
    rights = {
        name: [thing.pk for thing in getattr(target, name).all()] for name in ("groups", "user_permissions")
    }
    return client.post(
        f"/admin/accounts/user/{target.pk}/change/", {"email": target.email} | flags | rights | changes
    )


def selected(client, model, action, things):
    data = {"action": action, "_selected_action": [thing.pk for thing in things], "post": "yes"}
    return client.post(f"/admin/{model}/", data | {"confirmed": "yes"})


def password(client, target, **data):
    return client.post(f"/admin/accounts/user/{target.pk}/password/", data)


NEW = {"password1": "another-kettle-43", "password2": "another-kettle-43"}
WAYS = {
    "email": lambda c, t: user_form(c, t, email="mine@example.com"),
    "is_active": lambda c, t: user_form(c, t, is_active="" if t.is_active else "on"),
    "is_staff": lambda c, t: user_form(c, t, is_staff="" if t.is_staff else "on"),
    "user_permissions": lambda c, t: user_form(c, t, user_permissions=[of_people().first().pk], groups=[]),
    "password": lambda c, t: password(c, t, usable_password="true", **NEW),
    "no password": lambda c, t: password(c, t, **{"usable_password": "false", "unset-password": "1"}),
    "delete": lambda c, t: c.post(f"/admin/accounts/user/{t.pk}/delete/", {"post": "yes"}),
    "delete selected": lambda c, t: selected(c, "accounts/user", "delete_selected", [t]),
    "address": lambda c, t: c.post(
        f"/admin/account/emailaddress/{t.emailaddress_set.get(primary=True).pk}/change/",
        {"email": "mine@example.com", "verified": "on", "primary": "on"},
    ),
    "another address": lambda c, t: c.post(
        "/admin/account/emailaddress/add/", {"user": t.pk, "email": "mine@example.com", "verified": "on"}
    ),
    "address deleted": lambda c, t: c.post(
        f"/admin/account/emailaddress/{t.emailaddress_set.first().pk}/delete/", {"post": "yes"}
    ),
    "addresses deleted": lambda c, t: selected(
        c, "account/emailaddress", "delete_selected", t.emailaddress_set.all()
    ),
    "address verified": lambda c, t: selected(
        c, "account/emailaddress", "make_verified", t.emailaddress_set.filter(verified=False)
    ),
    "second factor": lambda c, t: c.post(
        f"/admin/mfa/authenticator/{t.authenticator_set.get().pk}/delete/", {"post": "yes"}
    ),
    "second factors": lambda c, t: selected(
        c, "mfa/authenticator", "delete_selected", t.authenticator_set.all()
    ),
}
# Those for which the group has the permission at all.
OF_SUPPORT = {"address", "address verified", "second factor", "second factors"}


def credentials(target):
    user = User.objects.filter(pk=target.pk)
    fields = ("email", "password", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")
    return (
        sorted(map(str, user.values_list(*fields))),
        list(EmailAddress.objects.filter(user=target.pk).order_by("pk").values_list()),
        list(Authenticator.objects.filter(user=target.pk).values_list("pk", "data")),
    )


@pytest.mark.parametrize("way", WAYS)
def test_only_credentials_within_reach_are_changed(people, way):
    for name, reach in REACH.items():
        client = Client()
        of_group = name != "Support" or way in OF_SUPPORT
        tried = reach or {"shopper", "superuser"}
        if name in ("Support", "manager"):
            tried = (people.keys() if way in ("email", "second factor") else FEW) - {name}
        for whose in tried:
            target = people[whose]
            client.force_login(people[name])
            before = credentials(target)
            with transaction.atomic():
                answer = WAYS[way](client, target)
                is_changed = credentials(target) != before
                transaction.set_rollback(True)
            assert is_changed == (whose in reach and of_group), (name, whose, answer.status_code)


def test_selection_with_one_beyond_reach_changes_nobody(people):
    client = Client()
    client.force_login(people["Support"])
    factors = [people[name].authenticator_set.get() for name in ("shopper", "superuser")]
    assert selected(client, "mfa/authenticator", "delete_selected", factors).status_code == 403
    addresses = EmailAddress.objects.filter(verified=False)
    assert selected(client, "account/emailaddress", "make_verified", addresses).status_code == 403
    assert Authenticator.objects.count() == len(people)
    assert addresses.count() == len(people)


@pytest.mark.parametrize("whose", ["manager", "shopper"])
@pytest.mark.parametrize("right", ["superuser", "group", "permission"])
def test_nobody_gives_rights_that_they_lack(people, whose, right):
    client, target = Client(), people[whose]
    client.force_login(people["manager"])
    catalogue = Group.objects.get(name="Catalogue")
    foreign = Permission.objects.get(codename="change_product")
    given = {
        "superuser": {"is_superuser": "on"},
        "group": {"groups": [catalogue.pk]},
        "permission": {"user_permissions": [foreign.pk, *of_people().values_list("pk", flat=True)]},
    }
    user_form(client, target, is_staff="on", **given[right])
    target = User.objects.get(pk=target.pk)
    assert not target.is_superuser
    assert not target.groups.exists()
    assert foreign not in target.user_permissions.all()


def test_nobody_widens_a_group_beyond_their_own_rights(people):
    client, foreign = Client(), Permission.objects.get(codename="change_product")
    client.force_login(people["manager"])
    own = Group.objects.create(name="People")
    address = f"/admin/auth/group/{own.pk}/change/"
    client.post(address, {"name": "People", "permissions": [foreign.pk]})
    assert not own.permissions.exists()
    client.post(address, {"name": "People", "permissions": [of_people().first().pk]})
    assert own.permissions.count() == 1
    group = Group.objects.get(name="Moderation")
    assert client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "x"}).status_code == 403
    assert client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403
    assert selected(client, "auth/group", "delete_selected", [group]).status_code == 403
    assert Group.objects.filter(name="Moderation").exists()


@pytest.mark.parametrize(
    "lookup",
    [
        *("mfa/authenticator/?data__secret__startswith", "mfa/authenticator/?user__password__startswith"),
        *("account/emailaddress/?user__password__startswith", "accounts/user/?password__startswith"),
    ],
)
def test_no_filter_of_the_admin_gives_a_secret_away(people, lookup):
    client = Client()
    client.force_login(people["manager"])
    assert client.get(f"/admin/{lookup}=J").status_code == 400


def test_who_may_not_see_people_gets_no_suggestions_of_them(people):
    client = Client()
    client.force_login(people["Catalogue"])
    query = {"app_label": "sellers", "model_name": "seller", "field_name": "user", "term": "super"}
    assert client.get("/admin/autocomplete/", query).status_code == 403


def test_everything_that_one_signs_in_with_has_such_an_admin():
    apps = {"accounts.user", "auth", "account", "mfa", "usersessions", "sessions"}
    for model, model_admin in admin.site._registry.items():
        meta = model._meta
        if {meta.app_label, meta.label_lower} & apps:
            assert isinstance(model_admin, CredentialsAdmin), model
        assert not any(inline.model._meta.app_label in apps | {"accounts"} for inline in model_admin.inlines)


def test_rights_count_whoever_is_active(people):
    assert not may_change_credentials(people["Support"], people["inactive staff"])
    assert may_change_credentials(people["superuser"], people["inactive superuser"])
