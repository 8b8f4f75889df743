import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from shop.caching.models import Version
from shop.catalogue.models import Category, Product, Variant
from shop.demo.icecat import categories, importer
from shop.demo.icecat.rows import BadFileError, clean_description, clean_title, read_rows, stock_of
from shop.demo.icecat.specifications import readable_name, readable_value
from shop.sellers.models import Seller

pytestmark = pytest.mark.django_db

REAL = settings.BASE_DIR.parent / "shared" / "data" / "icecat" / "products.jsonl.gz"


def row(number, **fields):
    return {
        "id": str(number),
        "mpn": f"M-{number}",
        "title": f"Acme {number} toner cartridge Original Black",
        "brand": "Acme",
        "description": "Black toner",
        "gtin": ["0000000000017", "0000000000024"],
        "price_cents": 4995,
        "released": "2009-12-10",
        "attributes": {"type": "Original", "page_yield": 6000.0, "package_width": 12.5},
    } | fields


ROWS = [
    row(1),
    row(2, title="Borealis 3 ft Cat6 Patch Cable networking cable 0.91 m Blue", brand="Borealis", gtin=[]),
    row(3, title="Wörd " * 60, brand="Ünïcode & Söhne", attributes={}, description=""),
    row(
        4, title="Cadmus Qx-9", description="# 9<br />1. &deg;C <b>hot</b>\\n<script>", released="1994-01-31"
    ),
    row(5, title="Dulcet CD-1", description="Thingummy", attributes={f"odd_{n}": True for n in range(60)}),
    row(6, title="Ember doll accessory", price_cents=0, mpn="one two three four five"),
    row(7, title="Fjord X1", description="Whatsit", attributes={"ink_type": "Dye", "vat_gtin": "1"}),
]


@pytest.fixture
def sample(tmp_path):
    return write(tmp_path / "sample.jsonl", ROWS)


def write(path, rows):
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in rows), encoding="utf-8")
    return path


def run(capsys, *arguments):
    call_command("import_icecat", *arguments)
    return capsys.readouterr().out


def versions():
    return dict(Version.objects.values_list("tag", "version"))


def renewed(before):
    return {tag for tag, version in versions().items() if before.get(tag) != version}


def test_rows_become_listed_products_of_one_seller(sample):
    call_command("import_icecat", sample, verbosity=0)
    assert Product.objects.listed().count() == len(ROWS)
    product = Product.objects.get(variants__sku="IC-1")
    assert product.seller == Seller.objects.get(slug="icecat")
    assert product.slug == "acme-1-toner-cartridge-original-1"
    assert (product.brand, product.price, product.currency) == ("Acme", Decimal("49.95"), "EUR")
    assert product.listed_at == datetime(2009, 12, 10, tzinfo=UTC)
    assert product.specifications == [
        ["Page yield", "6000"],
        ["Type", "Original"],
        ["Manufacturer's number", "M-1"],
        ["GTIN", "0000000000017"],
    ]


def test_summaries_are_what_the_variants_say(sample):
    call_command("import_icecat", sample)
    for product in Product.objects.prefetch_related("variants"):
        columns = (product.price, product.price_max, product.currency, product.stock_shown)
        product.summarise_variants()
        assert (product.price, product.price_max, product.currency, product.stock_shown) == columns
        assert product.compare_at_price is None


def test_categories_come_from_title_attributes_or_description(sample):
    call_command("import_icecat", sample)
    paths = dict(Variant.objects.values_list("sku", "product__category__path"))
    assert paths == {
        "IC-1": "printing/toner",
        "IC-2": "cables-adapters/network-cables",
        "IC-3": "everything-else",
        "IC-4": "everything-else",
        "IC-5": "everything-else",
        "IC-6": "toys-games/dolls",
        "IC-7": "printing/ink-cartridges",
    }


def test_a_second_run_changes_nothing(sample, capsys):
    assert "wrote 1 seller, 8 categories, 7 products" in run(capsys, sample)
    before, rows = versions(), list(Product.objects.order_by("pk").values())
    assert "wrote nothing" in run(capsys, sample)
    assert versions() == before
    assert list(Product.objects.order_by("pk").values()) == rows


def test_the_first_run_clears_every_page_that_shows_it(sample):
    call_command("import_icecat", sample)
    slugs = Product.objects.values_list("slug", flat=True)
    paths = Category.objects.values_list("path", flat=True)
    assert set(versions()) == {
        *("site", "products", "sellers", "seller:icecat"),
        *(f"{kind}:{slug}" for slug in slugs for kind in ("product", "reviews", "card")),
        *(f"category:{path}" for path in paths),
    }


def test_a_changed_price_clears_that_product_and_its_lists_and_no_neighbour(sample):
    call_command("import_icecat", sample)
    before, product = versions(), Product.objects.get(variants__sku="IC-2")
    write(sample, [entry | {"price_cents": 100} if entry["id"] == "2" else entry for entry in ROWS])
    call_command("import_icecat", sample)
    lists = (
        *("products", "seller:icecat"),
        *("category:cables-adapters", "category:cables-adapters/network-cables"),
    )
    assert renewed(before) == {
        *(f"product:{product.slug}", f"card:{product.slug}"),
        *(f"{tag}{aspect}" for tag in lists for aspect in (".price", ".band")),
    }
    product.refresh_from_db()
    assert (product.price, product.price_max, product.version) == (1, 1, 2)
    assert product.variants.get().price == 1


def test_a_changed_description_clears_the_products_page_and_searches_for_its_words(sample):
    call_command("import_icecat", sample)
    before, product = versions(), Product.objects.get(variants__sku="IC-1")
    write(sample, [row(1, description="Blacker toner"), *ROWS[1:]])
    call_command("import_icecat", sample)
    lists = ("products", "seller:icecat", "category:printing", "category:printing/toner")
    assert renewed(before) == {f"product:{product.slug}", *(f"{tag}.words" for tag in lists)}


def test_a_moved_product_clears_both_categories(sample):
    call_command("import_icecat", sample)
    before = versions()
    write(sample, [*ROWS[:5], row(6, title="Ember toner", price_cents=0), *ROWS[6:]])
    call_command("import_icecat", sample)
    assert {"category:toys-games/dolls", "category:toys-games"} <= renewed(before)
    assert {"category:printing/toner", "category:printing"} <= renewed(before)
    assert "category:printing/ink-cartridges" not in renewed(before)


def test_an_address_and_a_status_stay_when_the_title_changes(sample):
    call_command("import_icecat", sample)
    product = Product.objects.get(variants__sku="IC-1")
    product.status = Product.Status.ARCHIVED
    product.save()
    write(sample, [row(1, title="Acme one toner"), *ROWS[1:]])
    call_command("import_icecat", sample)
    former, product = product, Product.objects.get(pk=product.pk)
    assert (product.title, product.slug, product.is_archived) == ("Acme one toner", former.slug, True)


def test_chunks_are_transactions_of_their_own(sample, monkeypatch, capsys):
    monkeypatch.setattr(importer, "CHUNK", 2)
    assert "7 products" in run(capsys, sample)
    assert "wrote nothing" in run(capsys, sample)


def test_the_number_of_queries_does_not_grow_with_the_rows(tmp_path, django_assert_max_num_queries):
    path = write(tmp_path / "many.jsonl", [row(number) for number in range(200)])
    with django_assert_max_num_queries(60):
        call_command("import_icecat", path)
    with django_assert_max_num_queries(50):
        call_command("import_icecat", path)
    write(path, [row(number, price_cents=7) for number in range(200)])
    with django_assert_max_num_queries(50):
        call_command("import_icecat", path)


def test_a_limit_takes_the_first_rows_of_a_compressed_file(sample, tmp_path, capsys):
    packed = tmp_path / "sample.jsonl.gz"
    packed.write_bytes(gzip.compress(sample.read_bytes()))
    assert "2 rows" in run(capsys, packed, "--limit", "2")
    assert set(Variant.objects.values_list("sku", flat=True)) == {"IC-1", "IC-2"}


BAD_LINES = [
    ("{", "line 2: not JSON"),
    ("[1]", "line 2: not a JSON object"),
    (json.dumps({"id": "8"}), "line 2: mpn is missing"),
    (json.dumps(row(8, price_cents="9")), "line 2: price_cents is not of the kind int"),
    (json.dumps(row(8, price_cents=True)), "line 2: price_cents is not of the kind int"),
    (json.dumps(row(8, price_cents=-1)), "line 2: price_cents is not from 0"),
    (json.dumps(row(8, released="soon")), "line 2: released is not a date"),
    (json.dumps(row(8, title=" <br />")), "line 2: title is empty"),
    (json.dumps(row("8/9")), "line 2: id is not letters and digits"),
    (json.dumps(row(1)), "line 2: id 1 is on line 1 too"),
]


@pytest.mark.parametrize(("line", "complaint"), BAD_LINES)
def test_a_bad_line_is_named_and_nothing_is_written(line, complaint, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text(f"{json.dumps(row(1))}\n{line}\n")
    before = versions()
    with pytest.raises(CommandError, match=complaint):
        call_command("import_icecat", path)
    assert not Product.objects.exists()
    assert versions() == before


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_icecat", tmp_path / "missing.jsonl")
    plain = tmp_path / "plain.jsonl.gz"
    plain.write_text("{}")
    with pytest.raises(CommandError, match="not a gzip file"):
        call_command("import_icecat", plain)
    plain.write_bytes(gzip.compress(b"{}" * 4000)[:-20])
    with pytest.raises(CommandError, match="damaged"):
        call_command("import_icecat", plain)


def test_blank_lines_are_skipped(tmp_path):
    path = tmp_path / "blank.jsonl"
    path.write_text(f"\n{json.dumps(row(1))}\n\n")
    assert [entry["id"] for entry in read_rows(path)] == ["1"]
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadFileError, match="UTF-8"):
        list(read_rows(path))


def test_long_titles_are_cut_at_a_word():
    title = clean_title("Wörd " * 60)
    assert len(title) <= 200
    assert title.endswith("Wörd…")
    assert clean_title("90&deg; bags&notebooks\\n A") == "90° bags&notebooks A"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one<br />two", "one\n\ntwo"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("# not a heading", "\\# not a heading"),
        ("1. not a list", "1\\. not a list"),
        ("5 < 6 &lt;b&gt;", "5 < 6 <b>"),
        ("a\u200e\x07b", "a b"),
    ],
)
def test_descriptions_become_markdown(text, expected):
    assert clean_description(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("processor_core_voltage__ac_", "Processor core voltage (AC)"),
        ("usb_2_0_ports_quantity", "USB 2.0 ports quantity"),
        ("connector_s_", "Connector(s)"),
        ("operating_temperature__t_t_", "Operating temperature"),
        ("dimensions__wxdxh_", "Dimensions (W × D × H)"),
        ("vga__d_sub__ports_quantity", "VGA (D-Sub) ports quantity"),
    ],
)
def test_names_of_attributes_are_made_readable(name, expected):
    assert readable_name(name) == expected


def test_values_of_attributes_are_made_readable():
    values = [True, False, 6.0, 1.83, "Y", "Not available", "a,b\\nc", "1,000"]
    assert [readable_value(value) for value in values] == [
        "Yes",
        "No",
        "6",
        "1.83",
        "Yes",
        "",
        "a, b, c",
        "1,000",
    ]


def test_specifications_are_limited_and_the_most_used_come_first(sample):
    call_command("import_icecat", sample)
    pairs = Product.objects.get(variants__sku="IC-5").specifications
    assert len(pairs) == 40
    assert pairs[-2:] == [["Manufacturer's number", "M-5"], ["GTIN", "0000000000017"]]
    names = [name for name, _ in Product.objects.get(variants__sku="IC-2").specifications]
    assert names == ["Page yield", "Type", "Manufacturer's number"]


def test_stock_is_made_up_once_and_for_all():
    quantities = [stock_of({"id": str(number)}) for number in range(2000)]
    assert quantities == [stock_of({"id": str(number)}) for number in range(2000)]
    assert 60 < quantities.count(0) < 200
    assert 150 < sum(0 < quantity <= 5 for quantity in quantities) < 350


def test_rules_lead_to_categories_of_two_levels():
    for rule in categories.rules():
        assert len(rule.category) == 2
        assert all(0 < len(name) <= 80 for name in rule.category)


@pytest.mark.skipif(not REAL.exists(), reason="../shared/data/icecat/products.jsonl.gz is absent")
def test_the_real_catalogue_can_be_imported_twice(capsys):
    assert "300 products" in run(capsys, REAL, "--limit", "300")
    assert Product.objects.listed().count() == 300
    assert Product.objects.filter(category__path="everything-else").count() < 24
    assert "wrote nothing" in run(capsys, REAL, "--limit", "300")
