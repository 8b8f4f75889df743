import io

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from PIL import Image

from shop.images.outside import MAX_BYTES
from shop.sellers.models import Seller, SellerApplication
from tests.admin_forms import change_in_admin, form_data
from tests.factories import MemberFactory, SellerFactory, picture_file

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Kiln & Co",
    "slug": "",
    "craft": "Stoneware",
    "place": "Porto",
    "contact_email": "orders@kiln.example",
    "about": "We **fire** pots.",
}


@pytest.fixture
def boss(db):
    return MemberFactory(email="boss@example.com", is_staff=True, is_superuser=True)


@pytest.fixture
def application(client, member):
    client.force_login(member)
    assert apply(client, logo=picture_file(size=(900, 600))).url == "/sell/apply/status/"
    return SellerApplication.objects.get()


def apply(client, **changes):
    return client.post("/sell/apply/", FORM | changes)


def decide(client, boss, application, decision, reason="", captured=None):
    client.force_login(boss)
    return change_in_admin(client, application, {"decision": decision, "reason": reason})


def test_application_waits_and_can_be_changed(client, member, application):
    assert (application.user, application.slug, application.is_waiting) == (member, "kiln-co", True)
    assert "Your application waits" in client.get("/sell/apply/status/").content.decode()
    assert "We **fire** pots." in client.get("/sell/apply/").content.decode()
    apply(client, craft="Porcelain")
    changed = SellerApplication.objects.get()
    assert (changed.craft, changed.logo.name) == ("Porcelain", application.logo.name)


def test_approval_opens_the_shop(client, boss, application, django_capture_on_commit_callbacks):
    assert client.get("/sellers/kiln-co/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(client, boss, application, "approve").status_code == 302
    seller = Seller.objects.get()
    assert (seller.user, seller.slug, seller.contact_email) == (
        application.user,
        "kiln-co",
        "orders@kiln.example",
    )
    assert (seller.logo_width, seller.logo_height) == (512, 341)
    assert seller.logo.name != application.logo.name
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["ada@example.com"], "Your shop is open")
    assert "https://shop.example/sell/apply/status/" in message.body
    page = client.get("/sellers/kiln-co/").content.decode()
    assert seller.logo.url in page
    assert "ada@example.com" not in page
    client.force_login(application.user)
    assert client.get("/sell/apply/").url == "/sell/apply/status/"
    assert "Your shop is open" in client.get("/sell/apply/status/").content.decode()
    assert apply(client).url == "/sell/apply/status/"
    assert SellerApplication.objects.count() == 1


def test_rejection_needs_a_reason_which_the_applicant_reads(
    client, boss, application, django_capture_on_commit_callbacks
):
    assert "Say why" in decide(client, boss, application, "reject").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        decide(client, boss, application, "reject", "Please tell us <more>.")
    (message,) = mail.outbox
    assert "Please tell us <more>." in message.body
    assert "Please tell us &lt;more&gt;." in message.alternatives[0].content
    client.force_login(application.user)
    assert "Please tell us &lt;more&gt;." in client.get("/sell/apply/status/").content.decode()
    assert "We **fire** pots." in client.get("/sell/apply/").content.decode()
    apply(client, about="Much more.")
    again = SellerApplication.objects.get()
    assert (again.status, again.reason, again.decided_by) == ("waiting", "", None)
    assert again.logo
    assert not Seller.objects.exists()


def test_decision_is_made_once(client, boss, application):
    decide(client, boss, application, "approve")
    address = f"/admin/sellers/sellerapplication/{application.pk}/change/"
    page = client.post(address, {"decision": "reject", "reason": "No"})
    assert f"{boss} has approved this in the meantime" in page.content.decode()
    application.refresh_from_db()
    assert application.is_approved


def test_name_that_was_taken_meanwhile_is_not_approved(client, boss, application):
    SellerFactory(name="KILN & CO")
    page = decide(client, boss, application, "approve")
    assert "Another shop has this name" in page.content.decode()
    assert SellerApplication.objects.waiting().exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "required"),
        ({"craft": ""}, "required"),
        ({"contact_email": ""}, "required"),
        ({"about": ""}, "required"),
        ({"slug": "kiln & co"}, "valid “slug”"),
        ({"name": "☃"}, "none can be made from the name"),
        ({"name": "Taken"}, "Another shop has this name"),
        ({"slug": "TAKEN"}, "Another shop has this page URL"),
    ],
)
def test_mistake_is_explained_and_what_was_typed_stays(client, member, changes, message):
    SellerFactory(name="Taken", slug="taken")
    client.force_login(member)
    page = apply(client, logo=picture_file(), **changes)
    text = page.content.decode()
    assert message in text
    assert "Please choose it once more" in text
    assert page.context["form"]["about"].value() == (FORM | changes)["about"]
    assert not SellerApplication.objects.exists()


def test_two_people_cannot_wait_for_one_name(client, application):
    client.force_login(MemberFactory())
    assert "Another shop has this name" in apply(client).content.decode()


@pytest.mark.parametrize("field", ["name", "slug"])
def test_database_lets_one_wait_for_a_name(application, field):
    other = SellerApplication(user=MemberFactory(), name="B", slug="b", craft="c", about="d")
    setattr(other, field, getattr(application, field))
    with pytest.raises(IntegrityError):
        other.save()


def test_database_wants_a_reason_for_no(application):
    application.status = "rejected"
    with pytest.raises(IntegrityError):
        application.save()


def truncated():
    return picture_file(size=(300, 300)).read()[:-500]


def of_another_kind(kind):
    buffer = io.BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a JPEG, PNG"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "damaged or not complete"),
        (truncated(), "damaged or not complete"),
        (of_another_kind("GIF"), "not a JPEG, PNG"),
        (of_another_kind("TIFF"), "not a JPEG, PNG"),
        (b"\xff" * (MAX_BYTES + 1), "larger than 20 MB"),
    ],
    ids=["empty", "SVG", "no PNG", "truncated", "GIF", "TIFF", "large"],
)
def test_what_is_no_picture_is_refused(client, member, content, message):
    client.force_login(member)
    page = apply(client, logo=SimpleUploadedFile("logo.png", content))
    assert message in page.content.decode()
    assert not SellerApplication.objects.exists()


def test_what_else_a_file_held_is_gone(client, member):
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    exif[0x0112] = 6  # lies on its side
    Image.new("RGB", (300, 100)).save(buffer, "JPEG", exif=exif)
    client.force_login(member)
    apply(client, logo=SimpleUploadedFile("../../evil.php", buffer.getvalue()))
    logo = SellerApplication.objects.get().logo
    stored = logo.read()
    assert b"where I live" not in stored
    with Image.open(io.BytesIO(stored)) as image:
        assert (image.format, image.size) == ("WEBP", (100, 300))
    assert logo.name.startswith("logos/")
    assert logo.name.endswith(".webp")
    assert "evil" not in logo.name


CHANGED = {"contact_email": "buy@lamps.example"}


@pytest.mark.parametrize("decision", ["approve", "reject"])
@pytest.mark.parametrize("field", ["name", "slug", "craft", "place", "contact_email", "about", "logo"])
def test_what_has_changed_is_read_before_it_is_decided(client, boss, application, decision, field):
    desk = Client()
    desk.force_login(boss)
    address = f"/admin/sellers/sellerapplication/{application.pk}/change/"
    form = form_data(desk.get(address)) | {"decision": decision, "reason": "Typed."}
    apply(
        client,
        **{field: picture_file(colour=(9, 9, 9)) if field == "logo" else CHANGED.get(field, "buy-lamps")},
    )
    page = desk.post(address, form)
    assert "has changed since you opened" in page.content.decode()
    assert page.context["adminform"].form["reason"].value() == "Typed."
    assert SellerApplication.objects.get().is_waiting
    assert mail.outbox == []
    again = form_data(page) | {"decision": decision, "reason": "Typed."}
    assert desk.post(address, again).status_code == 302
    assert not SellerApplication.objects.get().is_waiting


def test_rejecting_twice_writes_once(client, boss, application, django_capture_on_commit_callbacks):
    client.force_login(boss)
    address = f"/admin/sellers/sellerapplication/{application.pk}/change/"
    form = form_data(client.get(address)) | {"decision": "reject", "reason": "No."}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, form)
        page = client.post(address, form | {"decision": "approve"})
    assert f"{boss} has rejected this in the meantime" in page.content.decode()
    assert len(mail.outbox) == 1
    assert not Seller.objects.exists()


def test_seller_changes_the_public_email(client, member):
    seller = SellerFactory(user=member, slug="kiln", contact_email="old@kiln.example")
    client.force_login(member)
    page = client.get("/sell/contact/").content.decode()
    assert "old@kiln.example" in page
    assert "Everybody can see it" in page
    assert "valid email" in client.post("/sell/contact/", {"contact_email": "x"}).content.decode()
    client.post("/sell/contact/", {"contact_email": "new@kiln.example"})
    seller.refresh_from_db()
    assert seller.contact_email == "new@kiln.example"
