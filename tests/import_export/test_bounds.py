"""A preview takes a bounded time and makes a page of bounded length, whatever is in its files."""

import io
import zipfile

import pytest

from shop.images import sandbox
from shop.import_export import archives, importer, tables
from shop.import_export.archives import PhotoArchive
from shop.import_export.models import GONE, Import
from shop.import_export.report import ImportRefusedError
from shop.import_export.tables import Table
from tests.factories import PhotoFactory

from .uploading import SAND, TEXT, VASE, preview, send, zipped

pytestmark = pytest.mark.django_db


def refusal(content, most=None):
    with pytest.raises(ImportRefusedError) as error:
        for _ in Table(io.BytesIO(content), most).rows([]):
            pass
    return [str(problem) for problem in error.value.problems]


def test_many_unknown_columns_are_a_few_sentences():
    messages = refusal(",".join(f"wrong{n}" * 30 for n in range(90)).encode())
    assert len(messages) == 21
    assert messages[-1] == "There are 70 more like these."
    assert max(map(len, messages)) < 300


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (",".join(f"c{n}" for n in range(100_000)).encode(), "has 100,000 columns; at most 100"),
        (b"slug,title\nvase," + b"x" * 1_000_001, "line 2: This line has more than 1,000,000 letters."),
        (b'slug,title\nvase,"' + b"\n" * 200_000, "quotation mark"),
        (b"slug,title\nvase" + b"," * 200_000, "This row has 200,001 cells."),
        (b"slug,title\n" + b"\n" * 50, "more than 20 rows"),
        (b"slug,title\n" + b"vase,Vase\n" * 50, "more than 20 rows"),
    ],
    ids=["columns", "line", "cell", "cells", "empty rows", "rows"],
)
def test_tables_of_any_size_are_refused_with_a_sentence(content, complaint):
    (message,) = refusal(content, most=20)
    assert complaint in message
    assert len(message) < 300


def test_columns_of_a_bomb_make_a_short_page(sell):
    page = send(sell, ",".join(f"c{n}" for n in range(100_000))).content
    assert len(page) < 100_000


def test_preview_is_kept(sell, vase, monkeypatch):
    first = preview(sell, VASE)
    monkeypatch.setattr(Import, "opened", None)
    second = sell.get(first.request["PATH_INFO"])
    assert second.context["preview"] == first.context["preview"]
    assert b"Import 1 row<" in second.content


def test_preview_is_made_again_when_asked_for(sell, vase):
    address = preview(sell, VASE).request["PATH_INFO"]
    vase.variants.filter(sku="V-S").update(price="31.00")
    assert b"Import 1 row<" in sell.get(address).content
    assert b"Nothing in this table differs" in sell.get(f"{address}?preview=again").content


def test_a_preview_in_steps_sees_what_a_preview_at_once_sees(sell, vase, monkeypatch):
    rows = "".join(f"c-{n},C {n},listed,decor,C-{n},,5,1\n" for n in range(6))
    text = f"{TEXT}{rows},,,,C-9,,5,1\nc-1,C 1,listed,decor,C-1,,5,1\nc-8,,,,C-2,,free,1\n"
    at_once = preview(sell, text).context["preview"]
    monkeypatch.setattr(importer, "CHUNK", 1)
    monkeypatch.setattr("shop.import_export.views.STEP_SECONDS", 0)
    response = preview(sell, text)
    rows_seen = [response.context["preview"].rows]
    while not response.context["preview"].is_finished:
        response = sell.get(response.request["PATH_INFO"])
        rows_seen.append(response.context["preview"].rows)
    assert rows_seen == sorted(rows_seen)
    assert len(rows_seen) > 3
    in_steps = response.context["preview"]
    assert in_steps.problems == at_once.problems
    assert (in_steps.counts, in_steps.differences) == (at_once.counts, at_once.differences)
    assert any("C-1 is in line 3 already" in str(problem) for problem in in_steps.problems)


def test_a_picture_that_many_rows_name_is_opened_and_read_once(sell, vase, monkeypatch):
    opened, read, real = [], [], (sandbox.decoded, PhotoArchive.read)
    monkeypatch.setattr(sandbox, "decoded", lambda *args: opened.append(1) or real[0](*args))
    monkeypatch.setattr(PhotoArchive, "read", lambda *args: read.append(1) or real[1](*args))
    PhotoFactory.create_batch(3, product=vase)
    rows = "".join(f"c-{n},C {n},decor,C-{n},5,a.jpg: A\n" for n in range(20))
    text = f"slug,title,category,sku,price,photos\n{rows}vase,,,,,a.jpg: A\n"
    assert not preview(sell, text, {"a.jpg": SAND}).context["preview"].problems
    assert len(opened) == 1
    assert len(read) <= 2


def test_a_file_that_is_gone_is_a_sentence(sell, vase):
    send(sell, VASE)
    upload = Import.objects.get()
    upload.table.storage.delete(upload.table.name)
    assert GONE in sell.get(f"/sell/import/{upload.pk}/").content.decode()
    assert sell.post(f"/sell/import/{upload.pk}/step/", follow=True).status_code == 200


def test_a_photo_that_is_gone_is_left_out_of_an_export(sell, vase):
    kept = PhotoFactory(product=vase)
    gone = vase.photos.first()
    gone.file.storage.delete(gone.file.name)
    content = b"".join(sell.get("/sell/export/photos/").streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == [kept.file.name.rsplit("/", 1)[-1]]


def test_imports_are_counted(sell, vase, monkeypatch):
    monkeypatch.setattr("shop.import_export.forms.MOST_AN_HOUR", 1)
    send(sell, VASE)
    assert "sent a lot of imports" in str(send(sell, VASE).context["form"].errors["table"])


def test_files_of_a_zip_that_share_their_data_are_refused():
    content = bytearray(zipped({"a.jpg": SAND, "b.jpg": SAND}).getvalue())
    second = content.rindex(b"PK\1\2")
    content[second + 42 : second + 46] = bytes(4)
    with pytest.raises(ImportRefusedError, match="share their data"):
        PhotoArchive(io.BytesIO(content))


def test_a_zip_with_an_endless_list_of_files_is_not_read(monkeypatch):
    monkeypatch.setattr(archives, "MOST_DIRECTORY", 10)
    monkeypatch.setattr(archives.zipfile, "ZipFile", None)
    with pytest.raises(ImportRefusedError, match="more than 20,000 files"):
        PhotoArchive(zipped_before())


ZIPPED = zipped({"a.jpg": SAND}).getvalue()


def zipped_before():
    return io.BytesIO(ZIPPED)


def test_lines_and_cells_of_usual_tables_are_far_below_the_bounds():
    assert tables.LONGEST_LINE > 5 * 140_000
    assert 3 * len(tables.NAMES) < tables.MOST_COLUMNS
