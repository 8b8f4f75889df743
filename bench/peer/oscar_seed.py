"""Fill django-oscar with products: python -m peer.oscar_seed FILE; prints the address of one of them."""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.core.files import File  # noqa: E402
from oscar.apps.catalogue.categories import create_from_breadcrumbs  # noqa: E402
from oscar.apps.catalogue.models import Product, ProductClass, ProductImage  # noqa: E402
from oscar.apps.partner.models import Partner, StockRecord  # noqa: E402


def main(path):
    kind = ProductClass.objects.create(name="Goods")
    for facts in json.loads(Path(path).read_text()):
        product = Product.objects.create(
            product_class=kind,
            title=facts["title"],
            slug=facts["slug"],
            upc=facts["slug"],
            description=facts["description"],
        )
        product.categories.add(create_from_breadcrumbs(facts["category"]))
        partner, _ = Partner.objects.get_or_create(name=facts["maker"])
        StockRecord.objects.create(
            product=product,
            partner=partner,
            partner_sku=facts["sku"],
            price=facts["price"],
            num_in_stock=facts["stock"],
        )
        if facts["photo"]:
            with Path(facts["photo"]).open("rb") as file:
                ProductImage.objects.create(product=product, original=File(file, f"{facts['slug']}.jpg"))
    print(product.get_absolute_url())


main(*sys.argv[1:])
