import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from auditlog.models import LogEntry
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client

from shop.accounts.models import User
from shop.caching.versions import clearing
from shop.privacy.closing import close_account
from shop.sellers.models import SellerApplication
from tests.admin_forms import change_in_admin
from tests.factories import PASSWORD, MemberFactory, ProductFactory, SellerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(client):
    """Return a function that signs in somebody with the rights of a group alone."""

    def helper(group):
        person = MemberFactory(is_staff=True, display_name=f"{group} helper")
        person.groups.add(Group.objects.get(name=group))
        client.force_login(person)
        return person

    return helper


@pytest.fixture
def waiting():
    facts = {"name": "Loom", "slug": "loom", "craft": "Linen", "about": "We weave."}
    return SellerApplication.objects.create(user=MemberFactory(email="loom@example.com"), **facts)


def test_home_shows_what_waits(staff_client, waiting):
    ProductFactory(stock=0)
    ProductFactory(stock=2)
    ProductFactory(stock=0, status="draft")
    boxes = staff_client.get("/admin/").context["boxes"]
    assert {box["title"]: box["count"] for box in boxes} == {
        "seller application": 1,
        "listed product sold out": 1,
        "listed product running low": 1,
        "reviews to moderate": 0,
        "product changes to review": 0,
    }
    for box in boxes:
        assert staff_client.get(box["url"]).context["cl"].result_count == box["count"]


# What each group may open; everything else of these is forbidden.
MAY_OPEN = {
    "Catalogue": {"catalogue/product", "catalogue/category", "catalogue/redirect", "sellers/seller"},
    "Moderation": {
        *("catalogue/product", "sellers/seller", "sellers/sellerapplication"),
        *("selling/edit", "reviews/review"),
    },
    "Support": {
        *("catalogue/product", "sellers/seller", "sellers/sellerapplication", "accounts/user"),
        *("account/emailaddress", "mfa/authenticator", "auditlog/logentry", "reviews/review"),
    },
}
ALL = set().union(*MAY_OPEN.values()) | {"auth/group", "caching/version"}


@pytest.mark.parametrize("group", MAY_OPEN)
def test_group_opens_its_part_of_the_admin(client, helper, waiting, group):
    helper(group)
    opened = {part for part in ALL if client.get(f"/admin/{part}/").status_code == 200}
    assert opened == MAY_OPEN[group]
    titles = {box["title"] for box in client.get("/admin/").context["boxes"]}
    assert ("seller application" in titles) == (group == "Moderation")
    assert ("listed products sold out" in titles) == (group != "Support")


def test_support_reads_and_does_not_write(client, helper, waiting):
    helper("Support")
    product = ProductFactory()
    for thing in (product, product.seller, waiting, waiting.user):
        meta = thing._meta
        address = f"/admin/{meta.app_label}/{meta.model_name}/{thing.pk}/change/"
        assert client.get(address).status_code == 200
        assert client.post(address, {"name": "x"}).status_code == 403


def test_support_takes_a_lost_second_factor_away(client, helper):
    person = MemberFactory()
    secret = {"secret": "JBSWY3DPEHPK3PXP"}
    factor = Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data=secret)
    helper("Support")
    page = client.get(f"/admin/mfa/authenticator/{factor.pk}/change/").content.decode()
    assert person.email in page
    assert secret["secret"] not in page
    client.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()


def test_history_tells_who_changed_what(client, helper):
    product = ProductFactory(title="Jug", price="20.00")
    with clearing():
        product.brand = "Kilnhaugh"
        product.save()
    person = helper("Catalogue")
    changed = change_in_admin(
        client, product, {"title": "Tall jug"}, inline={("variants", 0): {"price": "21.00"}}
    )
    assert changed.status_code == 302
    page = client.get(f"/admin/catalogue/product/{product.pk}/history/").content.decode()
    for text in (str(person), "Tall jug", "Jug", "20.00", "21.00", "Kilnhaugh", "The shop itself"):
        assert text in page
    assert set(LogEntry.objects.filter(actor=person).values_list("content_type__model", flat=True)) == {
        "product",
        "variant",
    }


def test_history_that_is_not_there_leads_home(staff_client):
    assert staff_client.get("/admin/catalogue/product/99/history/").url == "/admin/"


def test_closed_account_leaves_no_name_in_histories(member, waiting):
    member = waiting.user
    member.display_name = "Lena Loom"
    member.save()
    LogEntry.objects.create(
        actor=member,
        actor_email=member.email,
        action=1,
        object_repr="Jug",
        object_pk="1",
        content_type=LogEntry.objects.first().content_type,
    )
    close_account(member)
    kept = str(list(LogEntry.objects.values()))
    assert "loom@example.com" not in kept
    assert "Lena" not in kept
    assert LogEntry.objects.filter(object_repr="Jug", actor=None).exists()


def test_address_that_staff_write_is_confirmed(staff_client, member):
    assert change_in_admin(staff_client, member, {"email": "lady@example.com"}).status_code == 302
    assert list(member.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("lady@example.com", True, True)
    ]


@pytest.mark.parametrize(
    "part",
    [
        "accounts/user",
        "sellers/seller",
        "sellers/sellerapplication",
        "account/emailaddress",
        "mfa/authenticator",
        "auditlog/logentry",
        "auth/group",
    ],
)
def test_lists_are_searched(staff_client, waiting, part):
    assert staff_client.get(f"/admin/{part}/?q=loom").status_code == 200


def test_view_on_site_leads_to_what_is_public(staff_client):
    listed, draft, seller = ProductFactory(slug="jug"), ProductFactory(status="draft"), SellerFactory()

    def page(kind, thing):
        return staff_client.get(f"/admin/{kind}/{thing.pk}/change/").content.decode()

    assert 'href="/products/jug/" class="viewsitelink"' in page("catalogue/product", listed)
    assert "viewsitelink" not in page("catalogue/product", draft)
    assert "viewsitelink" in page("sellers/seller", seller)


@pytest.mark.parametrize("address", ["/admin/accounts/user/add/", "/admin/account/emailaddress/add/"])
def test_address_is_kept_in_lower_case_and_belongs_to_one_person(staff_client, member, address):
    other = MemberFactory()
    password = {"usable_password": "true", "password1": "a-long-kettle-42", "password2": "a-long-kettle-42"}
    data = password | {"user": other.pk, "verified": "on"}
    page = staff_client.post(address, data | {"email": "ADA@Example.com"})
    assert "Another person signs in with this email." in page.content.decode()
    assert staff_client.post(address, data | {"email": "Anna.Kiln@Shop.Example"}).status_code == 302
    assert EmailAddress.objects.get(email="anna.kiln@shop.example").verified
    signed_in = Client().post("/accounts/login/", {"login": "Anna.Kiln@Shop.Example", "password": PASSWORD})
    assert signed_in.status_code == 302


def test_address_of_another_is_not_taken_over(staff_client, member):
    page = change_in_admin(staff_client, MemberFactory(), {"email": "Ada@Example.com"})
    assert "Another person signs in with this email." in page.content.decode()


def test_database_knows_an_address_whatever_its_case(member):
    other = MemberFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=other.pk).update(email="ADA@example.com")
    assert User.objects.get_by_natural_key("ADA@EXAMPLE.COM") == member
    assert User.objects.create_superuser("Boss@Example.com", PASSWORD).email == "boss@example.com"


def test_changed_address_is_the_one_that_signs_in(staff_client, member, sign_in):
    address = member.emailaddress_set.get()
    change_in_admin(staff_client, address, {"email": "Lady@Example.com"})
    member.refresh_from_db()
    assert member.email == "lady@example.com"
    assert sign_in("lady@example.com").url == "/accounts/"
