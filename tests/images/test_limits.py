"""Who sends a picture and how often is asked before it is opened, and opening it has limits."""

import subprocess
import sys
import threading
from html import unescape

import pytest
from django.test import Client

from shop.images import decoding, sandbox
from shop.images.allowance import TOO_MANY
from shop.images.fields import CHOOSE_AGAIN
from shop.images.outside import SENTENCES
from shop.images.sandbox import BUSY
from shop.reviews import forms as review_forms
from shop.selling.forms import pictures as upload_forms
from tests.factories import MemberFactory, ProductFactory, ReviewFactory, SellerFactory, picture_file

PAGE, UPLOADS = "/products/vase/reviews/", "/sell/uploads/"
REVIEW = {"rating": "4", "title": "Solid", "text": "Stands well.", "author_name": "Corner"}


@pytest.fixture
def vase(db):
    return ProductFactory(slug="vase", seller=SellerFactory(user=MemberFactory()))


@pytest.fixture
def opened(monkeypatch):
    """Count the pictures that were opened; they are taken as they are."""
    files = []

    def note(content, kind, side):
        files.append(kind)
        return 0, content

    monkeypatch.setattr(sandbox, "decoded", note)
    return files


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def send_review(client, **changes):
    photos = [picture_file() for _ in range(2)]
    return unescape(client.post(PAGE, REVIEW | {"photos": photos} | changes).content.decode())


def test_a_stranger_costs_nothing(vase, opened, monkeypatch):
    kept = []
    monkeypatch.setattr(
        "django.core.files.uploadhandler.MemoryFileUploadHandler.new_file", lambda *a, **k: kept.append(a)
    )
    page = send_review(Client())
    assert "your text is kept" in page
    assert "Stands well." in page
    for address in (UPLOADS, "/sell/products/new/", "/sell/import/", "/sell/apply/", "/admin/login/"):
        Client().post(address, {"pictures": picture_file(), "logo": picture_file(), "table": picture_file()})
    assert (opened, kept) == ([], [])


def test_who_may_not_review_has_no_picture_opened(vase, opened):
    member = MemberFactory()
    ReviewFactory(product=vase, author=member)
    assert "You have reviewed this already" in send_review(signed_in(member))
    assert "You sell this yourself" in send_review(signed_in(vase.seller.user))
    vase.status = "archived"
    vase.save(update_fields=["status"])
    assert "no longer sold" in send_review(signed_in(MemberFactory()))
    assert opened == []


def test_a_review_with_a_mistake_has_no_picture_opened_and_says_that_they_are_to_be_chosen_again(
    vase, opened
):
    page = send_review(signed_in(MemberFactory()), text="")
    assert CHOOSE_AGAIN in page
    assert opened == []


def test_who_sends_reviews_too_often_has_no_picture_opened(vase, opened, monkeypatch):
    monkeypatch.setattr(review_forms, "REVIEWS_AN_HOUR", 1)
    ProductFactory(slug="jug")
    client = signed_in(MemberFactory())
    client.post("/products/jug/reviews/", REVIEW)
    assert "That is a lot within an hour" in send_review(client)
    assert opened == []


def test_pictures_of_a_shopper_are_counted(vase, opened, monkeypatch):
    monkeypatch.setattr(review_forms, "OF_SHOPPER", 1)
    page = send_review(signed_in(MemberFactory()))
    assert TOO_MANY in page
    assert len(opened) == 1


def test_pictures_of_a_seller_are_counted(vase, opened, monkeypatch):
    monkeypatch.setattr(upload_forms, "OF_SELLER", 1)
    client = signed_in(vase.seller.user)
    answers = [client.post(UPLOADS, {"pictures": picture_file()}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 422]
    assert answers[1].content.decode() == TOO_MANY


def test_members_who_sell_nothing_upload_nothing(vase, opened):
    assert signed_in(MemberFactory()).post(UPLOADS, {"pictures": picture_file()}).status_code == 404
    assert opened == []


def test_unused_uploads_are_counted_before_another_is_opened(vase, opened, monkeypatch):
    monkeypatch.setattr(upload_forms, "MOST_AT_ONCE", 0)
    answer = signed_in(vase.seller.user).post(UPLOADS, {"pictures": picture_file()})
    assert "unused" in answer.content.decode()
    assert opened == []


@pytest.fixture
def busy(monkeypatch):
    """Let one picture be opened for as long as the test takes, and two more wait."""
    begun, end = threading.Semaphore(0), threading.Event()

    def wait(content, kind, side):
        begun.release()
        end.wait(30)
        return 0, content

    monkeypatch.setattr(sandbox, "decoded", wait)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(sandbox.plain_picture(picture_file(), patience=30)))
        for _ in range(sandbox.AT_ONCE + sandbox.WAITING)
    ]
    for thread in threads:
        thread.start()
    assert begun.acquire(timeout=30)
    while sandbox._waiting._value:
        assert not end.wait(0.01)
    yield
    end.set()
    for thread in threads:
        thread.join(30)
    assert len(answers) == len(threads)


def test_while_others_are_opened_the_next_is_told_at_once_and_its_text_kept(busy, vase):
    page = send_review(signed_in(MemberFactory()))
    assert BUSY in page
    assert "Stands well." in page
    answer = signed_in(vase.seller.user).post(UPLOADS, {"pictures": picture_file()})
    assert (answer.status_code, answer.content.decode()) == (503, BUSY)


KILLED = "import os; os.kill(os.getpid(), 9)"
SILENT = "import sys; sys.exit(1)"


@pytest.mark.parametrize("program", [KILLED, SILENT])
def test_a_process_that_is_ended_is_a_sentence(vase, monkeypatch, program):
    monkeypatch.setattr(sandbox, "COMMAND", [sys.executable, "-I", "-S", "-c", program])
    assert SENTENCES["TOO_HARD"] in send_review(signed_in(MemberFactory()))
    answer = signed_in(vase.seller.user).post(UPLOADS, {"pictures": picture_file()})
    assert (answer.status_code, answer.content.decode()) == (422, SENTENCES["TOO_HARD"])


def test_a_process_that_takes_too_long_is_a_sentence(vase, monkeypatch):
    monkeypatch.setattr(sandbox, "COMMAND", [sys.executable, "-I", "-S", "-c", "import time; time.sleep(99)"])
    monkeypatch.setattr(sandbox, "SECONDS", 0.01)
    assert SENTENCES["TOO_HARD"] in send_review(signed_in(MemberFactory()))


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS limits no address space")
def test_the_process_has_no_more_memory_time_and_files_than_it_needs():
    tries = f"""
import runpy, resource
limited = runpy.run_path({decoding.__file__!r})
limited["limit_process"]()
try:
    bytearray(limited["MEMORY"])
except MemoryError:
    print("memory", end=" ")
print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_FSIZE)[0])
"""
    done = subprocess.run([sys.executable, "-c", tries], capture_output=True, text=True, check=True)
    assert done.stdout == f"memory {decoding.CPU_SECONDS} 0\n"
