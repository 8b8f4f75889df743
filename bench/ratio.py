"""Measure how many reads are hits while a shop of 10,000 products is being changed.

Run it as `python bench/ratio.py`. Readers and writers choose by Zipf's law, so a few products get most of
both; there is one write for each hundred reads. Pages expire by a clock that moves by one read's share of
a second, as the reads of a busy hour are too many to be made in this process as fast as they would come.
"""

import os
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

from sections import table, write_section

PRODUCTS, ROOTS, BRANCHES, SELLERS = 10_000, 10, 5, 20
READS, READS_A_WRITE, READS_A_SECOND = 40_000, 100, 1_000
KINDS = {"product": 60, "list": 12, "category": 18, "home": 5, "seller": 5}


def main():
    with tempfile.TemporaryDirectory() as folder:
        set_up(folder)
        fill_the_shop()
        traffic = Traffic(random.Random(7))
        for address in traffic.all_addresses():
            traffic.ask(address)
        traffic.run()
    report(traffic)


def set_up(folder):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "storefront.settings",
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "CACHE_URL": "locmem://",
    }
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.DEBUG = settings.CACHE_GUARD_RAISES = False
    settings.ALLOWED_HOSTS = ["testserver"]
    # As much as a memcached of some hundred megabytes holds.
    settings.CACHES["pages"]["OPTIONS"]["MAX_BYTES"] = 512 * 2**20
    call_command("migrate", verbosity=0)


def fill_the_shop():
    from shop.caching.versions import SITE, clear, clearing
    from shop.catalogue.models import Category, Product, Variant
    from shop.sellers.models import Seller

    def put(model, things):
        things = model.objects.bulk_create(things)
        for thing in things:
            clear([SITE], thing.cache_subject)
        return things

    with clearing():
        sellers = put(Seller, [Seller(name=f"Maker {n}", slug=f"maker-{n}") for n in range(SELLERS)])
        roots = put(Category, [category(n, None) for n in range(ROOTS)])
        branches = put(Category, [category(n, root) for root in roots for n in range(BRANCHES)])
        products = [product(n, sellers, branches) for n in range(PRODUCTS)]
        put(Variant, [variant(product) for product in put(Product, products)])


def category(number, parent):
    from shop.catalogue.models import Category

    new = Category(parent=parent, name=f"Shelf {number}", slug=f"shelf-{number}", position=number)
    new.path = new.make_path()
    return new


def product(number, sellers, branches):
    from shop.catalogue.models import Product

    seller = sellers[number % len(sellers)]
    return Product(
        title=f"Product {number}",
        slug=f"product-{number}",
        seller=seller,
        category=branches[number * 7 % len(branches)],
        brand=seller.name,
        description="Thrown by hand, in small batches. " * 20,
        status="listed",
        listed_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number * 7919 % PRODUCTS),
        price=(price := Decimal(5 + number % 300)),
        price_max=price,
        stock_shown=6,
    )


def variant(product):
    from shop.catalogue.models import Variant

    return Variant(
        product=product,
        seller=product.seller,
        sku=f"SKU-{product.pk}",
        price=product.price,
        stock=50,
        is_default=True,
    )


class Choice:
    """Choose among things by Zipf's law, the first most often."""

    def __init__(self, things):
        self.things = list(things)
        self.weights = list(accumulate(1 / (rank + 1) for rank in range(len(self.things))))

    def one(self, chance):
        return chance.choices(self.things, cum_weights=self.weights)[0]


class Traffic:
    """Reads and writes, and what became of them."""

    def __init__(self, chance):
        from django.test import Client

        from shop.caching import tiers

        self.chance, self.client, self.clock = chance, Client(), Clock()
        tiers.time = self.clock
        numbers = list(range(PRODUCTS))
        chance.shuffle(numbers)
        self.numbers = Choice(numbers)
        self.addresses = {kind: Choice(addresses) for kind, addresses in self.population().items()}
        self.outcomes, self.writes = Counter(), Counter()

    def population(self):
        """Return {kind of page: addresses, the most popular first}."""
        shelves = [f"/categories/shelf-{root}/" for root in range(ROOTS)]
        shelves += [f"{shelf}shelf-{n}/" for shelf in shelves for n in range(BRANCHES)]
        self.chance.shuffle(shelves)
        views = ["", "?page=2", "?sort=price", "?in_stock=1"]
        lists = ["", "?page=2", "?sort=price", "?page=3", "?sort=-price", "?in_stock=1", "?sort=rating"]
        lists += [f"?brand=Maker+{n}" for n in range(SELLERS)] + ["?price_max=20", "?page=4", "?sort=name"]
        return {
            "product": [f"/products/product-{number}/" for number in self.numbers.things],
            "list": [f"/products/{query}" for query in lists],
            "category": [f"{shelf}{query}" for query in views for shelf in shelves],
            "home": ["/"],
            "seller": [f"/sellers/maker-{n}/" for n in range(SELLERS)],
        }

    def all_addresses(self):
        return [address for choice in self.addresses.values() for address in choice.things]

    def run(self):
        kinds, weights = list(KINDS), list(KINDS.values())
        for number in range(READS):
            kind = self.chance.choices(kinds, weights)[0]
            self.outcomes[kind, self.ask(self.addresses[kind].one(self.chance))] += 1
            self.clock.now += 1 / READS_A_SECOND
            if number % READS_A_WRITE == 0:
                self.write()

    def ask(self, address):
        response = self.client.get(address, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200, address
        return response.headers["X-Cache"]

    def write(self):
        from shop.caching.versions import clearing
        from shop.catalogue.models import Product

        change = self.chance.choice(list(CHANGES))
        with clearing():
            product = Product.objects.get(slug=f"product-{self.numbers.one(self.chance)}")
            change(product, product.variants.get(), self.chance)
            product.summarise_variants()
            product.save()
        self.writes[CHANGES[change]] += 1


class Clock:
    def __init__(self):
        self.now = time.time()

    def time(self):
        return self.now


def new_price(product, variant, chance):
    variant.price = Decimal(chance.randrange(500, 30_000)) / 100
    variant.save()


def sale(product, variant, chance):
    variant.stock = 50 if variant.stock < 20 else variant.stock - 1
    variant.save()


def selling_out(product, variant, chance):
    variant.stock = chance.choice([n for n in (0, 1, 2, 3, 4, 5, 50) if n != variant.stock])
    variant.save()


def new_text(product, variant, chance):
    product.description += f" {chance.random()}"


CHANGES = {
    new_price: "new prices",
    new_text: "new texts",
    selling_out: "stock, shown",
    sale: "stock, not shown",
}

HEAD = """## Hit ratio

{products:,} products in {categories} categories, all pages warm at the start; {reads:,} reads, {a_second:,} a
second, most of few products (Zipf); {writes} writes: {what}.
"""
FOOT = "\nTo repeat: `python bench/ratio.py`"


def report(traffic):
    writes = traffic.writes
    head = HEAD.format(
        products=PRODUCTS,
        categories=ROOTS * (BRANCHES + 1),
        reads=READS,
        a_second=READS_A_SECOND,
        writes=writes.total(),
        what=", ".join(f"{count} {what}" for what, count in sorted(writes.items())),
    )
    lines = [line(kind, traffic.outcomes, [kind]) for kind in KINDS]
    lines.append(line("all", traffic.outcomes, KINDS))
    text = "\n".join([head, table(["pages", "reads", "misses", "hits"], lines), FOOT])
    print(text)
    write_section("ratio", text)


def line(label, outcomes, kinds):
    hits, misses = (sum(outcomes[kind, outcome] for kind in kinds) for outcome in ("hit", "miss"))
    return label, f"{hits + misses:,}", f"{misses:,}", f"{hits / (hits + misses):.1%}"


if __name__ == "__main__":
    main()
