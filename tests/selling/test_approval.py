"""What waits for staff: the live page stays, price and stock do not wait, and decisions reach the seller."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client

from shop.caching.versions import clearing
from shop.catalogue.models import Product
from shop.catalogue.price_changes import PriceChange
from shop.selling.models import Edit, Upload
from tests.factories import picture_file

from .forms import Form

pytestmark = pytest.mark.django_db
KEEP = "/sell/drafts/keep/"


@pytest.fixture
def desk(staff):
    """A client that is signed in as staff."""
    client = Client()
    client.force_login(staff)
    return client


def edit_of(product):
    return f"/sell/products/{product.pk}/edit/"


def page(product):
    return Client().get(product.get_absolute_url()).content.decode()


def change(client, product, **changes):
    response = Form(client.get(edit_of(product))).set(**changes).send(client)
    assert response.status_code == 302
    return Edit.objects.sent().filter(product=product).first()


def decide(client, edit, decision="approve", commit=None, **extra):
    form = Form(client.get(f"/admin/selling/edit/{edit.pk}/change/"), decision)
    return form.send(client, **extra)


def with_reason(form, reason):
    """Give a reason where the form asks for one."""
    return form.set(reason=reason) if "reason" in form.data else form


def test_new_product_waits_and_is_listed_by_approval(
    sell, desk, vases, mailoutbox, django_capture_on_commit_callbacks
):
    form = Form(sell.get("/sell/products/new/"))
    form.set(title="Jug", category=str(vases.pk), variants__price="24", variants__stock="3")
    form.send(sell, for_sale="1")
    jug, edit = Product.objects.get(), Edit.objects.get()
    assert (jug.status, edit.state, edit.product) == ("draft", "waiting", jug)
    assert Client().get("/products/jug/").status_code == 404
    assert "Waiting for approval" in sell.get("/sell/products/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(desk, edit).status_code == 302
    assert "Jug" in page(jug)
    assert not Edit.objects.exists()
    (mail,) = mailoutbox
    assert (mail.subject, mail.to) == ("Approved: Jug", ["kiln@example.com"])
    assert "https://shop.example/products/jug/" in mail.body
    assert "everybody can see it now" in mail.alternatives[0][0]


def test_text_of_a_listed_product_is_staged_and_its_price_is_not(sell, desk, vase):
    edit = change(sell, vase, title="Round vase", variants__price="33")
    assert edit.state == "waiting"
    assert "Belly vase" in page(vase)
    assert "Round vase" not in page(vase)
    assert "€33.00" in page(vase)
    form = Form(sell.get(edit_of(vase)))
    assert (form.data["title"], form.data["variants-price"]) == (["Round vase"], ["33.00", "50.00"])
    decide(desk, edit)
    assert "Round vase" in page(vase)
    assert "€33.00" in page(vase)


def test_price_and_stock_alone_need_no_approval(sell, vase):
    assert change(sell, vase, variants__price="29", variants__stock="1") is None
    assert "€29.00" in page(vase)
    assert "Only 1 left" in page(vase)


def test_photos_wait_with_their_files(sell, desk, vase):
    form = Form(sell.get(edit_of(vase)))
    form = Form(form.send(sell, KEEP, do="photos send", pictures=[picture_file(colour=(9, 9, 9))]))
    form.data["photos-alt"] = ["A round vase", "From above"]
    form.send(sell)
    assert "From above" not in page(vase)
    assert Upload.objects.abandoned().count() == 0
    decide(desk, Edit.objects.get())
    assert "From above" in page(vase)
    assert not Upload.objects.exists()


def test_price_changed_while_the_text_waited_stays(sell, desk, vase):
    edit = change(sell, vase, description="Bigger.")
    change(sell, vase, variants__price="77")
    decide(desk, edit)
    assert "Bigger." in page(vase)
    assert "€77.00" in Client().get(f"{vase.get_absolute_url()}?variant=V-S").content.decode()


def test_taking_everything_back_leaves_nothing_to_approve(sell, vase):
    assert change(sell, vase, title="Round vase")
    assert change(sell, vase, title="Belly vase") is None


@pytest.mark.parametrize("has_draft", [False, True])
def test_what_was_sent_is_taken_back(sell, vase, has_draft):
    change(sell, vase, title="Round vase")
    if has_draft:
        Form(sell.get(edit_of(vase))).set(title="Rounder vase").send(sell, KEEP)
    response = sell.get(edit_of(vase))
    assert "Take them back" in response.content.decode()
    assert sell.post(f"/sell/products/{vase.pk}/withdraw/").headers["Location"] == edit_of(vase)
    draft = Edit.objects.get()
    assert (draft.state, draft.title) == ("draft", "Rounder vase" if has_draft else "Round vase")
    assert Form(sell.get(edit_of(vase))).data["title"] == [draft.title]


def test_rejection_tells_why_and_keeps_what_was_sent(
    sell, desk, vase, mailoutbox, django_capture_on_commit_callbacks
):
    edit = change(sell, vase, title="BEST VASE!!!")
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(desk, edit, "reject", reason="Please do not shout.").status_code == 302
    assert "Belly vase" in page(vase)
    response = sell.get(edit_of(vase))
    assert "Please do not shout." in response.content.decode()
    assert Form(response).data["title"] == ["BEST VASE!!!"]
    assert "Please do not shout." in sell.get("/sell/").content.decode()
    (mail,) = mailoutbox
    assert "Please do not shout." in mail.body
    assert f"https://shop.example{edit_of(vase)}" in mail.body
    edit = change(sell, vase, title="Good vase")
    assert edit.state == "waiting"


def test_rejection_needs_a_reason(sell, desk, vase):
    edit = change(sell, vase, title="Round vase")
    response = decide(desk, edit, "reject", reason=" ")
    assert "Tell the seller what to put right." in response.content.decode()
    assert Edit.objects.get().is_waiting


def test_staff_see_what_is_different_and_can_put_it_right(sell, desk, vase):
    edit = change(sell, vase, title="Round vasse", description="Thrown by foot.")
    response = desk.get(f"/admin/selling/edit/{edit.pk}/change/")
    html = response.content.decode()
    assert "<del>hand.</del>" in html
    assert "<ins>foot.</ins>" in html
    Form(response, "approve").set(title="Round vase").send(desk)
    assert "Round vase" in page(vase)


def test_staff_put_photos_and_details_right(sell, desk, vase):
    edit = change(sell, vase, title="Round vase", specifications__name="Hight", specifications__value="24 cm")
    form = Form(desk.get(f"/admin/selling/edit/{edit.pk}/change/"), "approve")
    assert form.data["photos-alt"] == ["A round vase"]
    form.set(photos__alt="A vase from the side", specifications__name="Height").send(desk)
    vase = Product.objects.get()
    assert [photo.alt for photo in vase.photos.all()] == ["A vase from the side"]
    assert vase.specifications == [["Height", "24 cm"]]


def test_approving_takes_over_what_staff_changed_in_the_product(sell, desk, vases):
    form = Form(sell.get("/sell/products/new/"))
    form.set(title="Jug", category=str(vases.pk), variants__price="24", variants__stock="3")
    form.send(sell, for_sale="1")
    jug, edit = Product.objects.get(), Edit.objects.get()
    assert (
        f"/admin/catalogue/product/{jug.pk}/change/"
        in desk.get(f"/admin/selling/edit/{edit.pk}/change/").content.decode()
    )
    with clearing():
        PriceChange(Decimal(50)).apply(Product.objects.for_page().get())
    decide(desk, edit)
    assert "€36.00" in page(jug)


def test_decision_is_on_what_staff_saw(sell, desk, vase):
    edit = change(sell, vase, title="Round vase")
    forms = [Form(desk.get(f"/admin/selling/edit/{edit.pk}/change/"), name) for name in ("approve", "reject")]
    change(sell, vase, title="Something rude")
    for form in forms:
        assert "has changed since you opened" in with_reason(form, "Why").send(desk).content.decode()
    assert "Belly vase" in page(vase)
    assert Edit.objects.get().is_waiting


def test_what_cannot_be_saved_any_more_is_not_approved(sell, desk, vase, vases):
    edit = change(sell, vase, variants__sku="NEW-1")
    Edit.objects.filter(pk=edit.pk).update(form_data=edit.form_data | {"category": "999999"})
    response = decide(desk, edit, category="")
    assert "Choose the shelf it stands on." in response.content.decode()
    assert "Belly vase" in page(vase)


def test_who_decides_second_is_told_what_the_first_decided(
    sell, desk, staff, vase, mailoutbox, django_capture_on_commit_callbacks
):
    edit = change(sell, vase, title="Round vase")
    forms = [Form(desk.get(f"/admin/selling/edit/{edit.pk}/change/"), name) for name in ("approve", "reject")]
    with django_capture_on_commit_callbacks(execute=True):
        assert forms[0].send(desk).status_code == 302
        for form in forms:
            assert with_reason(form, "No.").send(desk).headers["Location"] == "/admin/selling/edit/"
    assert f"by {staff}: Approved what the seller sent." in desk.get("/admin/selling/edit/").content.decode()
    assert [mail.subject for mail in mailoutbox] == ["Approved: Round vase"]


def test_sending_back_twice_writes_once_and_approving_it_then_says_so(
    sell, desk, vase, mailoutbox, django_capture_on_commit_callbacks
):
    edit = change(sell, vase, title="Round vase")
    forms = [Form(desk.get(f"/admin/selling/edit/{edit.pk}/change/"), name) for name in ("reject", "approve")]
    with django_capture_on_commit_callbacks(execute=True):
        assert forms[0].set(reason="Too round.").send(desk).status_code == 302
        for form in forms:
            again = with_reason(form, "Far too round.").send(desk).content.decode()
            assert "has changed since you opened" in again
            assert "Sent back: Too round." in again
        decide(desk, edit)
    assert [mail.subject for mail in mailoutbox] == ["Sent back: Belly vase", "Approved: Round vase"]


def test_corrections_stay_when_the_rest_has_changed(sell, desk, vase):
    edit = change(sell, vase, title="Round vasse", description="Thrown.")
    form = Form(desk.get(f"/admin/selling/edit/{edit.pk}/change/"), "approve").set(title="Round vase")
    change(sell, vase, description="Thrown by hand, twice.")
    again = form.send(desk)
    assert "has changed since you opened" in again.content.decode()
    form = Form(again, "approve")
    assert form.data["title"] == ["Round vase"]
    assert form.data["description"] == ["Thrown by hand, twice."]
    assert form.send(desk).status_code == 302
    assert "Thrown by hand, twice." in page(vase)


@pytest.mark.parametrize("verb", ["approve", "reject"])
@pytest.mark.parametrize("what", ["price", "title", "photo", "no photo"])
def test_whatever_changed_is_read_before_it_is_decided(sell, desk, vases, verb, what):
    form = Form(sell.get("/sell/products/new/"))
    form.set(title="Jug", category=str(vases.pk), variants__price="24", variants__stock="3")
    form = Form(form.send(sell, KEEP, do="photos send", pictures=[picture_file()]))
    form.set(photos__alt="A jug").send(sell, for_sale="1")
    jug, edit = Product.objects.for_page().get(), Edit.objects.get()
    form = with_reason(Form(desk.get(f"/admin/selling/edit/{edit.pk}/change/"), verb), "Why")
    with clearing():
        if what == "price":
            PriceChange(Decimal(50)).apply(jug)
        elif what == "title":
            jug.title = "Something rude"
            jug.save()
        elif what == "photo":
            photo = jug.photos.get()
            photo.file.save("other.jpg", picture_file(colour=(9, 9, 9)))
        else:
            jug.photos.all().delete()
    again = form.send(desk)
    assert "has changed since you opened" in again.content.decode()
    assert Edit.objects.get().is_waiting
    if verb == "reject":
        assert "Why</textarea>" in again.content.decode()


def test_queue_shows_what_waits(sell, desk, vase):
    edit = change(sell, vase, title="Round vase")
    assert "Round vase" in desk.get("/admin/selling/edit/").content.decode()
    decide(desk, edit, "reject", reason="No.")
    assert "is sent back" in desk.get("/admin/selling/edit/").content.decode()
    assert "Round vase" not in desk.get("/admin/selling/edit/").content.decode()
    assert "Round vase" in desk.get("/admin/selling/edit/?state=rejected").content.decode()


def test_staff_preview_is_the_page_as_it_would_be(sell, desk, vase):
    edit = change(sell, vase, title="Round vase")
    response = desk.get(f"/admin/selling/edit/{edit.pk}/preview/")
    assert "Round vase</h1>" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("verb", ["change", "approve", "reject", "preview"])
def test_queue_is_for_staff_who_may(client, sell, vase, verb):
    edit = change(sell, vase, title="Round vase")
    address = f"/admin/selling/edit/{edit.pk}/{verb}/"
    response = sell.post(address) if verb in ("approve", "reject") else sell.get(address)
    assert "/login/?next=" in response.headers["Location"]
    assert Edit.objects.get().is_waiting


@pytest.mark.parametrize("slug", ["my-vase", "belly-vase"])
def test_address_chosen_in_a_table_stays(sell, desk, seller, vases, tmp_path, capsys, slug):
    path = tmp_path / "products.csv"
    path.write_text(
        f"slug,title,status,category,sku,price\n{slug},Belly vase,listed,decor/vases,V,3\n", encoding="utf-8"
    )
    call_command("import_products", path, "--seller", "kiln")
    Product.objects.update(status="draft")
    product = Product.objects.get()
    Form(sell.get(edit_of(product))).send(sell, for_sale="1")
    form = Form(desk.get(f"/admin/selling/edit/{Edit.objects.get().pk}/change/"), "approve")
    assert form.set(title="Round vase").send(desk).status_code == 302
    product.refresh_from_db()
    assert (product.slug, product.title, product.status) == (slug, "Round vase", "listed")


def test_address_of_a_draft_follows_its_title_unless_it_was_chosen(sell, vases):
    form = Form(sell.get("/sell/products/new/"))
    form.set(title="Jug", category=str(vases.pk), variants__price="24", variants__stock="3").send(sell)
    product = Product.objects.get()
    Form(sell.get(edit_of(product))).set(title="Old jug").send(sell)
    assert Product.objects.get().slug == "old-jug"
    Product.objects.update(slug="chosen")
    Form(sell.get(edit_of(product))).set(title="Older jug").send(sell)
    assert Product.objects.get().slug == "chosen"
