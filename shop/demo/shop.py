"""The demo shop: what demo/catalogue.json describes, written wherever the database differs from it."""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.hashers import make_password

from shop.accounts.models import User
from shop.caching.versions import clearing
from shop.catalogue.models import Category, Product, Variant
from shop.sellers.models import Seller

from .photos import match_photos, store_photos

FOLDER = settings.BASE_DIR / "demo"
DOMAIN = "ingle.example"


class DemoShop:
    """The demo shop, and in `written` how many rows of each kind loading it had to write."""

    def __init__(self, password):
        self.catalogue = json.loads((FOLDER / "catalogue.json").read_text(encoding="utf-8"))
        self.password = password
        self.written = Counter()

    def load(self, progress):
        """Write what differs, all of it or nothing.

        progress: called with an iterator that stores the photos one by one, and their
        number; returns what to iterate over instead, to show how far it is.
        """
        self.photos, new = match_photos(self.catalogue["products"], FOLDER / "photos")
        # Before the transaction: renditions take seconds, and no other writer should wait for them.
        for _ in progress(store_photos(new), len(new)):
            pass
        with clearing(actor="loaddemo", exclusive=True):
            self._put_people()
            self._put_categories(self.catalogue["categories"])
            self._put_products()

    def _put_people(self):
        # One hash for all: hashing is slow by design, and these sign-ins share their password anyway.
        self.password_hash = make_password(self.password)
        self._put_user("staff", display_name="Staff", is_staff=True, is_superuser=True)
        self._put_user("shopper", display_name="Shopper")
        for entry in self.catalogue["makers"]:
            user = self._put_user(entry["slug"], display_name=entry["name"])
            self._put(Seller, {"slug": entry["slug"]}, entry | {"user": user})

    def _put_user(self, name, **fields):
        email = f"{name}@{DOMAIN}"
        user = User.objects.filter(email=email).first()
        if user is None or not user.check_password(self.password):
            fields["password"] = self.password_hash
        user = self._put(User, {"email": email}, fields)[0]
        user.vouch_for_email()
        return user

    def _put_categories(self, entries, parent=None):
        for position, entry in enumerate(entries):
            path = f"{parent.path}/{entry['slug']}" if parent else entry["slug"]
            fields = {name: entry[name] for name in ("name", "slug", "introduction")}
            fields |= {"parent": parent, "position": position}
            category, _ = self._put(Category, {"path": path}, fields)
            self._put_categories(entry.get("children", []), category)

    def _put_products(self):
        sellers = {seller.slug: seller for seller in Seller.objects.all()}
        categories = {category.path: category for category in Category.objects.all()}
        for entry in self.catalogue["products"]:
            self._put_product(entry, sellers[entry["maker"]], categories[entry["category"]])

    def _put_product(self, entry, seller, category):
        fields = {"seller": seller, "category": category, "brand": seller.name} | product_facts(entry)
        product, is_written = self._put(Product, {"slug": entry["slug"]}, fields)
        is_written |= self._put_variants(product, entry["variants"])
        is_written |= self._put_photos(product, entry["photos"])
        listing = {"status": entry["status"], "listed_at": moment(entry["listed_at"])}
        if is_written or differs(product, listing):
            # Only now that it has variants can it have a price and be listed.
            product.summarise_variants()
            save_with(product, listing)

    def _put_variants(self, product, entries):
        gone, _ = product.variants.exclude(sku__in=[entry["sku"] for entry in entries]).delete()
        is_written = gone > 0
        # The default comes last, so that there are never two of them.
        for position, entry in sorted(enumerate(entries), key=lambda item: item[1]["is_default"]):
            fields = variant_facts(entry) | {"position": position}
            is_written |= self._put(Variant, {"product": product, "sku": entry["sku"]}, fields)[1]
        return is_written

    def _put_photos(self, product, entries):
        photos = [self.photos[product.slug, position] for position in range(len(entries))]
        gone, _ = product.photos.exclude(pk__in=[photo.pk for photo in photos if photo.pk]).delete()
        is_written = gone > 0
        for position, (photo, entry) in enumerate(zip(photos, entries, strict=True)):
            fields = {"product": product, "alt": entry["alt"], "position": position}
            is_written |= self._save_if_differs(photo, fields)
        return is_written

    def _put(self, model, key, fields):
        """Create what key names, or bring it up to date; return it, and whether that took a write."""
        instance = model.objects.filter(**key).first() or model(**key)
        return instance, self._save_if_differs(instance, fields)

    def _save_if_differs(self, instance, fields):
        is_written = instance.pk is None or differs(instance, fields)
        if is_written:
            save_with(instance, fields)
            self.written[instance._meta.verbose_name_plural] += 1
        return is_written


def product_facts(entry):
    names = ("title", "description", "care", "specifications", "option_names")
    return {name: entry[name] for name in names}


def variant_facts(entry):
    former = entry["compare_at_price"]
    return {name: entry[name] for name in ("option_values", "stock", "is_default")} | {
        "price": Decimal(entry["price"]),
        "compare_at_price": former and Decimal(former),
    }


def moment(day):
    """Return the UTC morning of a day like 2026-05-12, or None."""
    return datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC) if day else None


def differs(instance, fields):
    return any(getattr(instance, name) != value for name, value in fields.items())


def save_with(instance, fields):
    for name, value in fields.items():
        setattr(instance, name, value)
    instance.save()
