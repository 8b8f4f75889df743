import pytest
from django.core.management import call_command

from shop.caching.models import Version
from tests.factories import CategoryFactory, SellerFactory


@pytest.fixture
def kiln(db):
    """A seller, in a shop with two shelves."""
    decor = CategoryFactory(name="Decor", slug="decor")
    for slug in ("vases", "bowls"):
        CategoryFactory(name=slug.title(), slug=slug, parent=decor)
    return SellerFactory(name="Kiln", slug="kiln")


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
