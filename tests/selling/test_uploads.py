"""Photos that sellers send: taken one by one, explained when refused, swept when never used."""

from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from shop.images.outside import SENTENCES
from shop.selling.forms import pictures as picture_forms
from shop.selling.models import Upload
from tests.factories import picture_file
from tests.images.files import BAD

from .forms import Form

pytestmark = pytest.mark.django_db
UPLOADS = "/sell/uploads/"
KEEP = "/sell/drafts/keep/"


@pytest.fixture
def files(settings):
    return lambda: [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_upload_answers_with_its_row(sell, seller):
    response = sell.post(UPLOADS, {"pictures": picture_file()})
    upload = seller.uploads.get()
    assert response.status_code == 201
    assert f'name="photos-key" value="{upload.key}"' in response.content.decode()
    assert "picture" not in upload.file.name


@pytest.mark.parametrize("name", BAD)
def test_refused_upload_says_why_and_leaves_nothing(sell, files, name):
    content, answer = BAD[name]
    response = sell.post(UPLOADS, {"pictures": ContentFile(content, "photo.jpg")})
    assert (response.status_code, response.content.decode()) == (422, answer)
    assert not Upload.objects.exists()
    assert files() == []


def test_upload_without_a_file_says_so(sell):
    response = sell.post(UPLOADS, {"pictures": "no file"})
    assert (response.status_code, response.content.decode()) == (422, "Choose a picture.")


def test_form_without_scripts_names_every_refused_file_and_keeps_the_words(sell, live, vase, files):
    before = files()
    form = Form(sell.get(f"/sell/products/{vase.pk}/edit/")).set(title="Round")
    pictures = [ContentFile(content, f"{name}.jpg") for name, (content, _) in BAD.items()]
    response = form.send(sell, pictures=pictures)
    html = unescape(response.content.decode())
    assert [name for name, (_, answer) in BAD.items() if f"{name}.jpg: {answer}" not in html] == []
    assert Form(response).data["title"] == ["Round"]
    assert files() == before


def test_refused_photo_is_named_in_the_form_and_others_are_taken(sell, vase):
    form = Form(sell.get(f"/sell/products/{vase.pk}/edit/")).set(title="Round")
    response = form.send(sell, pictures=[ContentFile(b"<svg/>", "drawing.svg"), picture_file()])
    html = response.content.decode()
    assert "drawing.svg" in html
    assert SENTENCES["UNKNOWN"] in html
    again = Form(response)
    assert again.data["title"] == ["Round"]
    assert again.data["photos-key"][1] == Upload.objects.get().key


def test_uploaded_photo_is_still_there_after_a_mistake(sell, vase, files):
    form = Form(sell.get(f"/sell/products/{vase.pk}/edit/")).set(title="")
    again = Form(form.send(sell, pictures=[picture_file()]))
    assert len(again.data["photos-key"]) == 2
    again.data["photos-alt"][1] = "From above"
    assert again.set(title="Round").send(sell).status_code == 302


def test_upload_that_cannot_be_stored_leaves_no_file(sell, files, monkeypatch):
    monkeypatch.setattr(Upload, "_do_insert", None)
    with pytest.raises(TypeError):
        sell.post(UPLOADS, {"pictures": picture_file()})
    assert files() == []


def test_number_of_unused_uploads_is_bounded(sell, monkeypatch):
    monkeypatch.setattr(picture_forms, "MOST_AT_ONCE", 1)
    assert sell.post(UPLOADS, {"pictures": picture_file()}).status_code == 201
    assert "unused" in sell.post(UPLOADS, {"pictures": picture_file()}).content.decode()


def test_sweeping_takes_what_nobody_uses(sell, vase, files, capsys, django_capture_on_commit_callbacks):
    def sweep():
        with django_capture_on_commit_callbacks(execute=True):
            call_command("sweep_uploads")

    before = len(files())
    sell.post(UPLOADS, {"pictures": picture_file()})
    form = Form(sell.get(f"/sell/products/{vase.pk}/edit/"))
    form.send(sell, KEEP, do="photos send", pictures=[picture_file()])
    both = len(files()) - before
    sweep()
    assert Upload.objects.count() == 2
    Upload.objects.update(created_at=timezone.now() - timedelta(days=3))
    sweep()
    assert "Swept 1 upload." in capsys.readouterr().out
    assert Upload.objects.get().edits.exists()
    assert len(files()) == before + both // 2
    sell.post(f"/sell/drafts/{vase.edits.get().pk}/delete/")
    sweep()
    assert not Upload.objects.exists()
    assert len(files()) == before


def test_upload_of_another_seller_is_not_taken_over(sell, live, vase):
    from tests.factories import SellerFactory

    foreign = Upload(seller=SellerFactory())
    foreign.file.save("x.jpg", picture_file())
    form = Form(sell.get(f"/sell/products/{vase.pk}/edit/"))
    form.data["photos-key"].append(foreign.key)
    form.data["photos-alt"].append("Not mine")
    assert "This picture is no longer here." in form.send(sell).content.decode()
    assert vase.photos.count() == 1
