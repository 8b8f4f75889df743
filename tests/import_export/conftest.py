import pytest
from django.core.management import call_command

from shop.caching.models import Version
from shop.catalogue.models import Category
from tests.factories import CategoryFactory, PhotoFactory, ProductFactory, SellerFactory, UserFactory


@pytest.fixture
def kiln(db):
    """A seller, in a shop with two shelves."""
    decor = CategoryFactory(name="Decor", slug="decor")
    for slug in ("vases", "bowls"):
        CategoryFactory(name=slug.title(), slug=slug, parent=decor)
    return SellerFactory(name="Kiln", slug="kiln")


@pytest.fixture
def seller(kiln):
    kiln.user = UserFactory(email="kiln@example.com")
    kiln.save()
    return kiln


@pytest.fixture
def vase(seller):
    variants = [
        {"sku": "V-S", "option_values": ["Small"], "price": "30.00", "stock": 9},
        {"sku": "V-L", "option_values": ["Large"], "price": "50.00", "stock": 2},
    ]
    category = Category.objects.get(path="decor/vases")
    product = ProductFactory(
        title="Vase", slug="vase", seller=seller, category=category, option_names=["Size"], variants=variants
    )
    PhotoFactory(product=product, alt="A round vase")
    return product


@pytest.fixture
def sell(client, seller):
    client.force_login(seller.user)
    return client


@pytest.fixture
def table(tmp_path):
    """Write a table to a file, and return its path."""

    def write(text, encoding="utf-8", name="products.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


@pytest.fixture
def run(capsys):
    """Run import_products for the seller kiln, and return what it said."""

    def import_products(path, *arguments, seller="kiln"):
        capsys.readouterr()
        call_command("import_products", path, *(["--seller", seller] if seller else []), *arguments)
        return capsys.readouterr().out

    return import_products


@pytest.fixture
def exported(capsys):
    """Run export_products, and return what it wrote."""

    def export_products(*arguments):
        capsys.readouterr()
        call_command("export_products", *arguments)
        return capsys.readouterr().out

    return export_products


def versions():
    return dict(Version.objects.values_list("tag", "version"))


def renewed(before):
    return {tag for tag, version in versions().items() if before.get(tag) != version}
