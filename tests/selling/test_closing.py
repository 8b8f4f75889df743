"""What the seller's area hands out and lets go of when it is about a person."""

from pathlib import Path

import pytest

from shop.privacy.closing import close_account
from shop.privacy.export import data_of
from shop.selling.models import Edit, Upload
from tests.factories import picture_file

from .forms import Form

pytestmark = pytest.mark.django_db
KEEP = "/sell/drafts/keep/"


@pytest.fixture
def typed(sell, vase):
    form = Form(sell.get(f"/sell/products/{vase.pk}/edit/")).set(title="Round")
    form.send(sell, KEEP, do="photos send", pictures=[picture_file()])


def test_export_holds_what_was_typed(seller, typed):
    (draft,) = data_of(seller.user)["product_drafts"]
    assert (draft["state"], draft["content"]["title"]) == ("draft", "Round")


def test_closing_lets_go_of_it(seller, typed, settings, django_capture_on_commit_callbacks):
    def pictures():
        return len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()])

    before = pictures()
    with django_capture_on_commit_callbacks(execute=True):
        close_account(seller.user)
    assert not Edit.objects.exists()
    assert not Upload.objects.exists()
    assert pictures() < before
