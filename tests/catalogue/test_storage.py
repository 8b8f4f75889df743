"""Uploads kept elsewhere than in a folder of this machine: everything goes through the storage."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.test import Client
from django.utils.deconstruct import deconstructible

from storefront.middleware import origin
from tests.factories import PhotoFactory, ProductFactory

ELSEWHERE = "https://media.example/"


@deconstructible
class Remote(Storage):
    """What every class of django-storages can do, and no path on a disk."""

    files = {}

    def _open(self, name, mode="rb"):
        return ContentFile(self.files[name], name)

    def _save(self, name, content):
        self.files[name] = b"".join(content.chunks())
        return name

    def delete(self, name):
        self.files.pop(name, None)

    def exists(self, name):
        return name in self.files

    def url(self, name):
        return ELSEWHERE + name


@pytest.fixture
def files(settings, db):
    remote = {"BACKEND": f"{__name__}.Remote"}
    settings.STORAGES = settings.STORAGES | {"default": remote}
    yield Remote.files
    Remote.files.clear()


def test_photo_and_its_renditions_are_written_there_and_shown_from_there(files):
    photo = PhotoFactory(product=ProductFactory(slug="vase"))
    page = Client().get("/products/vase/").content.decode()
    assert photo.file.name in files
    assert {name.rpartition(".")[2] for name in files} == {"jpeg", "avif", "webp"}
    assert f'src="{ELSEWHERE}' in page
    assert f'srcset="{ELSEWHERE}' in page
    assert '"/media/' not in page


def test_files_go_with_their_photo_there_too(files, django_capture_on_commit_callbacks):
    photo = PhotoFactory(product=ProductFactory(slug="vase"))
    assert files
    with django_capture_on_commit_callbacks(execute=True):
        photo.delete()
    assert files == {}


@pytest.mark.parametrize(
    ("url", "named"),
    [("media/", ""), ("/media/", ""), ("https://media.example/", "https://media.example")],
)
def test_host_of_uploads_is_the_only_other_one_that_pictures_may_come_from(url, named):
    assert origin(url) == named
