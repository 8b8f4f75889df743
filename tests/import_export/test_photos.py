"""Photos that come with a table, by their address in a ZIP file."""

import io
import zipfile

import pytest
from django.core.management import CommandError
from django.db import transaction

from shop.catalogue.models import Photo, Product
from shop.images.outside import digest_of
from shop.import_export import archives
from shop.import_export.archives import PhotoArchive
from shop.import_export.importer import ProductImport
from shop.import_export.report import ImportRefusedError

from .conftest import renewed, versions
from .uploading import INK, SAND, files_on_disk, zipped

pytestmark = pytest.mark.django_db

HEAD = "slug,title,category,sku,price,status,photos\n"


@pytest.fixture
def pack(tmp_path):
    def write(files, **options):
        path = tmp_path / "photos.zip"
        path.write_bytes(zipped(files, **options).getvalue())
        return "--photos", str(path)

    return write


@pytest.fixture
def vase(kiln, table):
    def write(photos):
        return table(f'{HEAD}vase,Vase,decor/vases,V-1,5,listed,"{photos}"\n')

    return write


def shown():
    return [(photo.alt, photo.tint) for photo in Product.objects.get(slug="vase").photos.all()]


def refused(run, *arguments, capsys):
    with pytest.raises(CommandError, match="nothing more was written"):
        run(*arguments)
    return capsys.readouterr().err


def test_photos_come_by_their_address_or_by_their_name_alone(vase, run, pack, client):
    photos = pack({"shop/front.jpg": SAND, "shop/back.jpg": INK, "__MACOSX/shop/._front.jpg": b"x"})
    path = vase("front.jpg: From the front | shop/back.jpg: From behind")
    assert "wrote 1 product, 1 variant, 2 photos" in run(path, *photos)
    assert shown() == [("From the front", "sand"), ("From behind", "ink")]
    assert "From behind" in client.get("/products/vase/").content.decode()


def test_the_same_files_are_known_again(vase, run, pack, settings):
    photos, path = pack({"a.jpg": SAND, "b.jpg": INK}), vase("a.jpg: A | b.jpg: B")
    run(path, *photos)
    before, files = versions(), files_on_disk(settings)
    assert "wrote nothing" in run(path, *photos)
    assert "wrote nothing" in run(
        vase("renamed.jpg: A | b.jpg: B"), *pack({"renamed.jpg": SAND, "b.jpg": INK})
    )
    assert (versions(), files_on_disk(settings)) == (before, files)
    assert {photo.digest for photo in Photo.objects.all()} == {digest_of(SAND), digest_of(INK)}


def test_photos_change_places_texts_and_number(vase, run, pack, settings, django_capture_on_commit_callbacks):
    run(vase("a.jpg: A | b.jpg: B"), *pack({"a.jpg": SAND, "b.jpg": INK}))
    a, b = (photo.file.name.rsplit("/", 1)[-1] for photo in Photo.objects.order_by("position"))
    before = versions()
    run(vase(f"{b}: Bee | {a}: A"))
    assert shown() == [("Bee", "ink"), ("A", "sand")]
    assert {"product:vase", "card:vase"} <= renewed(before)
    with django_capture_on_commit_callbacks(execute=True):
        run(vase(f"{a}: A"))
    assert shown() == [("A", "sand")]
    assert all(not name.startswith(b.partition(".")[0]) for name in files_on_disk(settings))


def test_another_picture_under_the_same_name_takes_its_place(vase, run, pack):
    run(vase("a.jpg: A"), *pack({"a.jpg": SAND}))
    assert "1 photo" in run(vase("a.jpg: A"), *pack({"a.jpg": INK}))
    assert shown() == [("A", "ink")]


def test_photos_go_out_with_the_table_and_come_back_elsewhere(vase, run, pack, exported, table, tmp_path):
    run(vase("a.jpg: A | b.jpg: B"), *pack({"a.jpg": SAND, "b.jpg": INK}))
    out = exported("--photos", str(tmp_path / "out.zip"))
    assert "wrote nothing" in run(table(out), "--photos", str(tmp_path / "out.zip"))
    Product.objects.get().delete()
    run(table(out), "--photos", str(tmp_path / "out.zip"))
    assert shown() == [("A", "sand"), ("B", "ink")]


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"b.jpg": SAND}, "line 2, photos: “a.jpg” is neither a photo of this product nor in the ZIP file."),
        ({"x/a.jpg": SAND, "y/a.jpg": INK}, "line 2, photos: “a.jpg” is neither"),
        ({"a.jpg": b""}, "line 2, photos: a.jpg: "),
        ({"a.jpg": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, "line 2, photos: a.jpg: "),
        ({"a.jpg": SAND[: len(SAND) // 2]}, "line 2, photos: a.jpg: "),
    ],
    ids=["missing", "ambiguous", "empty", "SVG", "truncated"],
)
def test_a_photo_that_is_missing_or_bad_is_named_and_nothing_is_kept(
    vase, run, pack, capsys, settings, files, complaint
):
    assert complaint in refused(run, vase("a.jpg: A"), *pack(files), "--dry-run", capsys=capsys)
    assert complaint in refused(run, vase("a.jpg: A"), *pack(files), capsys=capsys)
    assert not Product.objects.exists()
    assert not files_on_disk(settings)


def test_a_photo_needs_a_text_and_an_archive(vase, run, capsys, pack):
    assert "should read “name: value”" in refused(run, vase("a.jpg"), *pack({"a.jpg": SAND}), capsys=capsys)
    assert "no ZIP file came with the table" in refused(run, vase("a.jpg: A"), capsys=capsys)


def test_nothing_stays_on_the_disk_after_a_failure(vase, run, pack, settings, monkeypatch):
    def fail(*arguments):
        raise transaction.TransactionManagementError

    monkeypatch.setattr(ProductImport, "save_products", fail)
    with pytest.raises(transaction.TransactionManagementError):
        run(vase("a.jpg: A | b.jpg: B"), *pack({"a.jpg": SAND, "b.jpg": INK}))
    assert not files_on_disk(settings)


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"../a.jpg": b"x"}, "leads outside of it: '../a.jpg'"),
        ({"x/../../a.jpg": b"x"}, "leads outside"),
        ({"/etc/a.jpg": b"x"}, "leads outside"),
        ({"..\\a.jpg": b"x"}, "leads outside"),
        ({"C:\\a.jpg": b"x"}, "leads outside"),
    ],
)
def test_names_that_lead_outside_are_refused(files, complaint):
    with pytest.raises(ImportRefusedError, match=complaint):
        PhotoArchive(zipped(files))


def test_archives_that_are_none_or_hold_too_much_are_refused(monkeypatch):
    with pytest.raises(ImportRefusedError, match="not a whole ZIP file"):
        PhotoArchive(io.BytesIO(b"PK\x03\x04 and nothing more"))
    with pytest.raises(ImportRefusedError, match="not a whole ZIP file"):
        PhotoArchive(io.BytesIO(zipped({"a.jpg": SAND}).getvalue()[:-9]))
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    with pytest.raises(ImportRefusedError, match="holds 3 files"):
        PhotoArchive(zipped({"a": b"", "b": b"", "c": b""}))


def test_a_bomb_is_refused_before_it_is_unpacked(vase, run, pack, capsys, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 10_000)
    bomb = pack({"a.jpg": b"\0" * 10_001}, compression=zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert "a.jpg is larger than 0 MB" in refused(run, vase("a.jpg: A"), *bomb, capsys=capsys)


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_beyond_what_it_says(vase, run, tmp_path, capsys):
    content = zipped({"a.jpg": b"\0" * 10_000_000}, compression=zipfile.ZIP_DEFLATED).getvalue()
    size = (10_000_000).to_bytes(4, "little")
    (tmp_path / "lie.zip").write_bytes(content.replace(size, (1000).to_bytes(4, "little")))
    message = refused(run, vase("a.jpg: A"), "--photos", str(tmp_path / "lie.zip"), capsys=capsys)
    assert "a.jpg is damaged in the ZIP file" in message


def test_what_is_packed_in_an_unusual_way_is_refused(vase, run, pack, capsys):
    packed = pack({"a.jpg": SAND}, compression=zipfile.ZIP_LZMA)
    assert "packed in an unusual way" in refused(run, vase("a.jpg: A"), *packed, capsys=capsys)


def test_names_are_found_however_their_letters_are_composed(vase, run, pack):
    assert "1 photo" in run(vase("Gefa\u0308ß.jpg: A pot"), *pack({"Gefäß.jpg": SAND}))
    assert "wrote nothing" in run(vase("Gefäß.jpg: A pot"), *pack({"Gefa\u0308ß.jpg": SAND}))
