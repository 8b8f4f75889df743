"""manage.py import_products and export_products: what is written, what it clears, and what is refused."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from shop.caching.versions import clearing
from shop.catalogue.models import Product, Variant
from shop.import_export import importer
from shop.import_export.importer import ProductImport
from shop.import_export.report import MOST_OF_A_KIND
from tests.factories import CategoryFactory, PhotoFactory, ProductFactory, SellerFactory

from .conftest import renewed, versions

pytestmark = pytest.mark.django_db

SHOP = """\
slug,title,status,category,brand,description,specifications,sku,options,price,former_price,stock
vase,Vase,listed,decor/vases,Kiln,"Tall
and thin",Material: Clay | Height: 20 cm,V-S,Size: Small,"12,50",,3
,,,,,,,V-L,Size: Large,20,25,9
,Old bowl,listed,decor/bowls,,,,B-1,,7.00,,0
"""
CATEGORY_TAGS = {"category:decor", "category:decor/vases"}


@pytest.fixture
def shop(kiln, table, run):
    run(table(SHOP))
    return kiln


def refused(run, path, *arguments, capsys, **options):
    with pytest.raises(CommandError, match="nothing more was written"):
        run(path, *arguments, **options)
    return capsys.readouterr().err.splitlines()


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Product, Variant)]


def test_rows_become_products_with_variants(kiln, table, run, client):
    assert "wrote 2 products, 3 variants" in run(table(SHOP))
    vase = Product.objects.get(slug="vase")
    assert (vase.seller, vase.category.path, vase.status) == (kiln, "decor/vases", "listed")
    assert (vase.description, vase.option_names) == ("Tall\nand thin", ["Size"])
    assert vase.specifications == [["Material", "Clay"], ["Height", "20 cm"]]
    assert (vase.price, vase.price_max, vase.stock_shown) == (Decimal("12.50"), 20, 6)
    small, large = vase.variants.all()
    assert (small.sku, small.option_values, small.is_default, small.stock) == ("V-S", ["Small"], True, 3)
    assert (large.compare_at_price, large.is_default, large.position, large.seller) == (25, False, 1, kiln)
    assert "Old bowl" in client.get("/products/old-bowl/").content.decode()


def test_a_second_run_and_the_exported_table_write_nothing(shop, table, run, exported):
    before, rows = versions(), everything()
    assert "wrote nothing" in run(table(SHOP))
    assert "wrote nothing" in run(table(exported()))
    assert "wrote nothing" in run(table(exported("--seller", "kiln")), seller=None)
    assert (versions(), everything()) == (before, rows)


def test_sales_since_the_export_are_not_undone(shop, table, run, exported):
    offer = '"V-L","Size: Large","20.00","25.00","EUR",'
    text = exported().replace(f'{offer}"9"', f'{offer}"12"')
    with clearing():
        Variant.objects.filter(sku="V-S").update(stock=1)
        Variant.objects.filter(sku="V-L").update(stock=8)
    assert "1 variant" in run(table(text))
    stocks = dict(Variant.objects.values_list("sku", "stock"))
    assert stocks == {"V-S": 1, "V-L": 12, "B-1": 0}
    assert "wrote nothing" in run(table(text))


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *(("price", text) for text in ("1.250", "100000000", "9" * 30, "NaN", "$5", "5 €")),
        *(("stock", text) for text in ("1000001", "9" * 30, "1.250", "-1")),
        ("position", "9" * 12),
    ],
)
def test_quantities_have_the_limits_of_every_form(shop, table, run, capsys, column, text):
    before = everything()
    assert f"line 2, {column}" in refused(run, table(f"sku,{column}\nV-L,{text}\n"), capsys=capsys)[0]
    assert everything() == before


@pytest.mark.parametrize(
    ("text", "price"), [("12,5", "12.50"), ("1 250", "1250.00"), ('"1.250,50"', "1250.50")]
)
def test_prices_as_people_write_them(shop, table, run, text, price):
    text = text if text.startswith('"') else f'"{text}"'
    run(table(f"sku,price,former_price\nV-L,{text},\n"))
    assert str(Variant.objects.get(sku="V-L").price) == price


def test_amounts_have_no_more_decimals_than_their_currency(shop, table, run, capsys):
    text = "title,category,sku,price,currency\nCup,decor,C-1,99.50,JPY\n"
    assert "Amounts in JPY have no decimals" in refused(run, table(text), capsys=capsys)[0]


def test_whatever_the_shop_holds_comes_back_as_it_was(kiln, table, run, exported):
    product = ProductFactory(
        seller=kiln,
        title="  =SUM(A1) ",
        description="- one\r\n- two\n",
        care="'@home",
        specifications=[["Ratio 16:9", "a|b\nc"], ["", ""]],
        option_names=["Size"],
        variants=[{"sku": "-1", "option_values": ["1,5 m"]}, {"sku": "+2", "option_values": ["1,5 m"]}],
    )
    ProductFactory(seller=kiln, status="draft").variants.all().delete()
    PhotoFactory(product=product, alt="=A pot | on a plain ground")
    out, before = exported(), everything()
    assert all(cell[:1] not in {"=", "+", "-", "@"} for row in rows_of(out) for cell in row.values())
    assert "wrote nothing" in run(table(out))
    assert everything() == before


def test_the_exported_table_makes_the_same_products_in_an_empty_shop(shop, table, run, exported):
    out = exported()
    for product in Product.objects.all():
        product.delete()
    assert "wrote 2 products, 3 variants" in run(table(out))
    assert exported() == out


@pytest.mark.parametrize("text", ["sku,price\nV-L,21\n", "slug,sku,price\nvase,V-L,21\n"])
def test_a_list_of_prices_changes_prices_alone(shop, table, run, text):
    before = versions()
    assert "wrote 1 product, 1 variant" in run(table(text))
    vase = Product.objects.get(slug="vase")
    assert (vase.price, vase.price_max, vase.version, vase.variants.count()) == (Decimal("12.50"), 21, 2, 2)
    assert vase.variants.get(sku="V-L").stock == 9
    assert {"product:vase", "card:vase"} <= renewed(before)
    assert not renewed(before) & {"product:old-bowl", "card:old-bowl", "category:decor/bowls", "site"}


def test_stock_that_looks_the_same_clears_nothing(shop, table, run):
    before = versions()
    assert "1 variant" in run(table("sku,stock\nV-L,1000\n"))
    assert not renewed(before)


def test_each_tag_is_cleared_once_in_a_chunk(kiln, table, run, monkeypatch):
    renewals = []
    monkeypatch.setattr("shop.caching.versions._renew", lambda tags, by: renewals.append((list(tags), by)))
    run(table(SHOP))
    [(tags, actor)] = renewals
    assert len(set(tags)) == len(tags)
    assert {"products", "seller:kiln", *CATEGORY_TAGS, "product:vase", "product:old-bowl"} <= set(tags)
    assert actor == "import_products"


def test_a_dry_run_shows_each_row_that_differs_and_writes_nothing(shop, table, run):
    before, rows = versions(), everything()
    text = "slug,title,category,sku,options,price\nvase,Vase,decor/bowls,V-S,Size: Small,12.5\n"
    text += "vase,,,V-L,Size: Large,21\ncup,Cup,decor,C-1,,5\n"
    assert run(table(text), "--dry-run").splitlines() == [
        "line 2: changes: vase V-S",
        "    category: decor/vases → decor/bowls",
        "line 3: changes: vase V-L",
        "    price: 20.00 → 21.00",
        "line 4: new: cup C-1",
        *("    title: Cup", "    category: decor", "    price: 5.00"),
        "3 of 3 rows differ. Nothing was written.",
    ]
    assert (versions(), everything()) == (before, rows)


def test_an_empty_cell_empties_what_may_be_empty_and_leaves_the_rest(shop, table, run):
    run(table("slug,title,brand,specifications,sku,price,former_price,stock\nvase,,,,V-L,,,\n"))
    vase, large = Product.objects.get(slug="vase"), Variant.objects.get(sku="V-L")
    assert (vase.title, vase.brand, vase.specifications) == ("Vase", "", [])
    assert (large.price, large.compare_at_price, large.stock) == (20, None, 9)


def test_default_position_and_options_can_change(shop, table, run):
    text = "sku,options,default,position\nV-L,Grösse: L | Farbe: Rot,yes,0\nV-S,Grösse: S | Farbe: Rot,,1\n"
    assert "1 product, 2 variants" in run(table(text))
    vase = Product.objects.get(slug="vase")
    assert vase.option_names == ["Grösse", "Farbe"]
    assert [(v.sku, v.is_default) for v in vase.variants.all()] == [("V-L", True), ("V-S", False)]
    assert "wrote nothing" in run(table(text))


def test_a_variant_can_be_added_and_those_without_a_row_stay(shop, table, run, client):
    client.get("/products/vase/")
    run(table("slug,sku,options,price,stock\nvase,V-XL,Size: Huge,99,1\n"))
    assert list(Product.objects.get(slug="vase").variants.values_list("sku", flat=True)) == [
        "V-S",
        "V-L",
        "V-XL",
    ]
    assert "Huge" in client.get("/products/vase/").content.decode()


def test_a_title_changes_what_its_number_or_its_slug_names(shop, table, run):
    run(table("title,sku\nTall vase,V-S\n"))
    assert Product.objects.get(variants__sku="V-S").title == "Tall vase"
    assert Product.objects.count() == 2


def test_products_wait_as_drafts_unless_they_are_to_be_listed(kiln, table, run):
    before = versions()
    run(table("title,category,sku,price\nCup,decor,C-1,5\n"))
    cup = Product.objects.get(slug="cup")
    assert (cup.status, cup.listed_at) == ("draft", None)
    assert not renewed(before)
    run(table("slug,status\ncup,listed\n"))
    cup.refresh_from_db()
    assert (cup.status, cup.listed_at is None) == ("listed", False)
    assert "products" in renewed(before)


HEAD = "slug,title,status,category,sku,options,price,former_price,currency,stock,default\n"
CUP = "cup,Cup,,decor,C-1,,5,,,,"
REFUSED = [
    (
        "cup,Cup,,decor/vasen,C-1,,5,,,,",
        "line 2, category: There is no category “decor/vasen”. Did you mean decor/vases",
    ),
    ("cup,Cup,,decor,C-1,,€ 5,,,,", "line 2, price: “€ 5” should be a number like 12.50 or 12,50"),
    ('cup,Cup,,decor,C-1,,"1,234",,,,', "line 2, price: “1,234” should be a number"),
    ("cup,Cup,,decor,C-1,,1e3,,,,", "line 2, price: “1e3” should be a number"),
    ("cup,Cup,,decor,C-1,,-1,,,,", "line 2, price: “-1” should be a number"),
    (
        "cup,Cup,,decor,C-1,,5,4,,,",
        "line 2, former_price: C-1: The former price must be higher",
    ),
    ("cup,Cup,,decor,C-1,,5,,,1.5,", "line 2, stock: “1.5” should be a whole number"),
    ("cup,Cup,,decor,C-1,,5,,euro,,", "line 2, currency: “euro” should be the three letters"),
    ("cup,Cup,sold,decor,C-1,,5,,,,", "line 2, status: “sold” should be one of draft, listed, archived."),
    ("cup,Cup,,decor,C-1,,5,,,,perhaps", "line 2, default: “perhaps” should be yes, or empty."),
    ("cup,Cup,,decor,C-1,Large,5,,,,", "line 2, options: “Large” should read “name: value”"),
    ("cup,Cup,,decor,C-1,A: 1 | A: 2,5,,,,", "line 2, options: Something is named twice."),
    ("cup,Cup,,decor,,,5,,,,", "line 2, sku: Which variant is this?"),
    ("cup,,,,C-1,,5,,,,", "line 2, title: Required for a new product."),
    ("cup,Cup,,decor,C-1,,,,,,", "line 2, price: Required for a new variant."),
    (f"cup,{'x' * 201},,decor,C-1,,5,,,,", "line 2, title: Ensure this value has at most 200 characters"),
    ("a b,Cup,,decor,C-1,,5,,,,", "line 2, slug: Enter a valid"),
    (",漢字,,decor,C-1,,5,,,,", "line 2, sku: Nothing says which product this is of"),
    (f"{CUP}\njug,Jug,,decor,C-1,,5,,,,", "line 3, sku: C-1 is in line 2 already."),
    (
        f"{CUP}\n,Jug,,decor,V-S,,5,,,,\n{CUP.replace('C-1', 'C-2')}",
        "line 4, slug: The rows of cup begin in line 2",
    ),
    ("vase,Vase,,,B-1,,5,,,,", "line 2, sku: B-1 is a variant of old-bowl."),
    ("lamp,Lamp,,,L-1,,5,,,,", "line 2, slug: lamp is another seller's product."),
    (
        "cup,Cup,,decor,C-1,A: 1,5,,,,\ncup,Mug,,,C-2,A: 2,5,,,,",
        "line 3, title: This differs from line 2",
    ),
    ("cup,Cup,,decor,C-1,A: 1,5,,,,\ncup,,,,C-2,B: 2,5,,,,", "line 3, options: Line 2 has other options: A."),
    (
        "cup,Cup,,decor,C-1,A: 1,5,,,,\ncup,,,,C-2,A: 1,5,,,,",
        "line 3, options: C-2: C-1 has the same options.",
    ),
    (
        "cup,Cup,,decor,C-1,A: 1,5,,,,\ncup,,,,C-2,,5,,,,",
        "line 3, options: C-2: Give one value for each option: A",
    ),
    ("cup,Cup,,decor,C-1,A: 1,5,,,,yes\ncup,,,,C-2,A: 2,5,,,,yes", "line 3, default: Only one variant"),
    (
        "cup,Cup,,decor,C-1,A: 1,5,,USD,,\ncup,,,,C-2,A: 2,5,,EUR,,",
        "line 3, currency: C-2: Its other variants have USD.",
    ),
    ("vase,Vase,,,V-S,Size: Small,5,,,,no", "line 2, default: V-S: Say yes at another one instead."),
]


@pytest.mark.parametrize(("lines", "complaint"), REFUSED, ids=[complaint[:60] for _, complaint in REFUSED])
def test_mistakes_are_told_by_line_and_column_and_nothing_is_written(
    shop, table, run, capsys, lines, complaint
):
    ProductFactory(slug="lamp")
    before, rows = versions(), everything()
    path = table(f"{HEAD}{lines}\n")
    assert any(line.startswith(complaint) for line in refused(run, path, "--dry-run", capsys=capsys))
    messages = refused(run, path, capsys=capsys)
    assert any(line.startswith(complaint) for line in messages), messages
    assert (versions(), everything()) == (before, rows)


def test_renaming_an_option_in_one_row_only_is_told(shop, table, run, capsys):
    text = "slug,sku,options\nvase,V-S,Grösse: Small\nvase,V-L,Size: Large\n"
    assert refused(run, table(text), capsys=capsys) == ["line 3, options: Line 2 has other options: Grösse."]


def test_a_mistake_at_the_end_of_a_long_table_is_found_before_anything_is_written(
    kiln, table, run, capsys, monkeypatch
):
    monkeypatch.setattr(importer, "CHUNK", 2)
    rows = [f"cup-{n},Cup,,decor,C-{n},,{n},,,," for n in range(9)]
    path = table(HEAD + "\n".join([*rows, "jug,Jug,,decor,J-1,,free,,,,"]))
    assert "line 11, price" in refused(run, path, capsys=capsys)[0]
    assert not Product.objects.exists()


def test_mistakes_are_told_until_there_are_too_many(kiln, table, run, capsys, monkeypatch):
    monkeypatch.setattr(importer, "CHUNK", 10)
    path = table("title,category,sku,price\n" + "".join(f"Cup {n},decor,C-{n},free\n" for n in range(500)))
    assert len(refused(run, path, capsys=capsys)) == MOST_OF_A_KIND + 1


class StoppedError(Exception):
    pass


def test_an_import_that_was_stopped_goes_on_where_it_was(kiln, table, run, monkeypatch):
    monkeypatch.setattr(importer, "CHUNK", 3)
    path = table(HEAD + "".join(f"c-{n},C,,decor,C-{n},,{n},,,,\n" for n in range(9)))
    write, chunks = ProductImport.save_products, []

    def stop_at_the_third(self, products, stored):
        chunks.append(len(products))
        if len(chunks) == 3:
            raise StoppedError
        return write(self, products, stored)

    monkeypatch.setattr(ProductImport, "save_products", stop_at_the_third)
    with pytest.raises(StoppedError):
        run(path)
    assert Product.objects.count() == 6
    assert "wrote 3 products" in run(path)
    assert "wrote nothing" in run(path)
    assert chunks == [3, 3, 3, 3]


def test_rows_of_one_product_are_never_parted(kiln, table, run, monkeypatch):
    monkeypatch.setattr(importer, "CHUNK", 2)
    rows = ["cup,Cup,,decor,C-0,N: 0,5,,,,", *(f",,,,C-{n},N: {n},5,,,," for n in range(1, 7))]
    assert "1 product, 7 variants" in run(table(HEAD + "\n".join(rows)))


def test_the_number_of_queries_does_not_grow_with_the_rows(kiln, table, django_assert_max_num_queries):
    def text(price, title="Cup"):
        return table(HEAD + "".join(f"c-{n},{title},listed,decor,C-{n},,{price},,,,\n" for n in range(200)))

    for price, title in ((5, "Cup"), (5, "Cup"), (6, "Cup"), (6, "Mug")):
        with django_assert_max_num_queries(45):
            call_command("import_products", text(price, title), "--seller", "kiln")


def test_without_a_seller_a_column_says_whose_products_they_are(kiln, table, run, capsys):
    SellerFactory(slug="lumen")
    text = "seller,title,category,sku,price\nkiln,Cup,decor,C-1,5\nlumen,Lamp,decor,C-1,9\n"
    assert refused(run, table(text), capsys=capsys) == [
        "line 3, seller: Products of “lumen” cannot be imported here."
    ]
    assert "2 products" in run(table(text), seller=None)
    assert Product.objects.get(slug="lamp").seller.slug == "lumen"
    assert refused(run, table("title,sku\nCup,C-1\n"), seller=None, capsys=capsys) == [
        "line 2, seller: Whose product is it?"
    ]


def test_unknown_sellers_and_files_are_named(kiln, table, run, tmp_path):
    with pytest.raises(CommandError, match="no seller nobody"):
        run(table(SHOP), seller="nobody")
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "missing.csv")
    with pytest.raises(CommandError, match="no seller nobody"):
        call_command("export_products", "--seller", "nobody")


def test_export_is_of_one_seller_or_of_all_and_to_a_file_if_one_is_named(shop, exported, tmp_path):
    ProductFactory(slug="lamp", seller=SellerFactory(slug="lumen"))
    assert [row["slug"] for row in rows_of(exported("--seller", "kiln"))] == ["vase", "vase", "old-bowl"]
    assert [row["seller"] for row in rows_of(exported())] == ["kiln", "kiln", "kiln", "lumen"]
    assert exported(tmp_path / "all.csv") == ""
    assert (tmp_path / "all.csv").read_bytes().decode() == exported()


def test_progress_is_told_in_plain_lines(kiln, table, run, monkeypatch):
    monkeypatch.setattr("shop.import_export.management.commands.import_products.STEP", 2)
    lines = run(table(SHOP)).splitlines()
    assert lines[:2] == ["Checking: 2 of 3", "Importing: 2 of 3"]


def test_categories_may_have_spaces_around_their_slashes(kiln, table, run):
    CategoryFactory(slug="light")
    run(table("title,category,sku,price\nCup, decor / vases ,C-1,5\n"))
    assert Product.objects.get(slug="cup").category.path == "decor/vases"


@pytest.mark.parametrize("chunk", [1, 500])
def test_slug_means_the_same_product_whatever_the_case_of_its_letters(shop, table, run, monkeypatch, chunk):
    monkeypatch.setattr(importer, "CHUNK", chunk)
    new = "New,New one,decor/vases,N-1,Size: S,5\nNEW,,,N-2,Size: L,6\n"
    run(table(f"slug,title,category,sku,options,price\nVASE,Jar,decor/vases,V-S,Size: Small,14\n{new}"))
    assert set(Product.objects.values_list("slug", "title")) == {
        *[("vase", "Jar"), ("old-bowl", "Old bowl"), ("New", "New one")],
    }
    assert Product.objects.get(slug="New").variants.count() == 2
