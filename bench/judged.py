"""Sets of judgments: products for the shop, and what judges say of them, query by query."""

import csv
import io
import logging
import sys
from collections import defaultdict
from gzip import open as unzip
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "icecat"


class Icecat:
    """Electronics: products.jsonl.gz and judgments.csv.

    ratings: {query: {id of a product: 0 (wrong) to 3 (right)}}
    """

    def __init__(self):
        if not DATA.is_dir():
            sys.exit(f"The judged queries are absent: there is no folder {DATA}.")
        self.ratings = defaultdict(dict)
        with (DATA / "judgments.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                self.ratings[row["query"]][row["docid"]] = int(row["rating"])

    def count(self):
        """Return how many products there are."""
        with unzip(DATA / "products.jsonl.gz", "rt", encoding="utf-8") as lines:
            return sum(1 for _ in lines)

    def fill_the_shop(self):
        """Import the catalogue; return {primary key: id in the ratings}."""
        from django.core.management import call_command

        from shop.catalogue.models import Variant

        call_command("import_icecat", DATA / "products.jsonl.gz", stdout=io.StringIO())
        return {pk: sku.removeprefix("IC-") for pk, sku in Variant.objects.values_list("product_id", "sku")}


class Table:
    """A CSV of judgments: query, product_title, product_description, median_relevance (1 wrong to 4 right).

    So is the set of general merchandise that CrowdFlower published in 2015 (10,158 rows).
    """

    def __init__(self, path):
        self.products = {}
        self.ratings = defaultdict(dict)
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                product = row["product_title"][:200], row["product_description"]
                key = self.products.setdefault(product, len(self.products) + 1)
                self.ratings[row["query"]][key] = int(row["median_relevance"]) - 1

    def count(self):
        return len(self.products)

    def fill_the_shop(self):
        from django.utils.timezone import now

        from shop.catalogue.models import Product
        from tests.factories import CategoryFactory, SellerFactory

        logging.disable()  # of writes that nothing is cleared for: no page is kept here
        shared = {"seller": SellerFactory(), "category": CategoryFactory(), "status": "listed"}
        # Searching asks neither for variants nor for prices.
        shared |= {"price": 1, "price_max": 1, "listed_at": now()}
        Product.objects.bulk_create(
            Product(pk=key, slug=f"p{key}", title=title, description=text, **shared)
            for (title, text), key in self.products.items()
        )
        return {key: key for key in self.products.values()}
