from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from shop.caching.tracking import TrackedModel
from shop.fields.columns import MoneyColumn
from shop.fields.markdown import LONGEST, MarkdownField, plain_text
from shop.fields.pairs import PairsField, WordsField
from shop.fields.slugs import UniqueWhateverCase
from shop.fields.texts import LineField, ProseField
from shop.invalidation import tags_of_product
from shop.sellers.models import Seller

from ..options import shown_first
from ..price_bands import price_band
from ..querysets import ProductQuerySet
from ..signals import product_moved
from ..stock import STOCK_SHOWN_LIMIT, Stock
from .categories import Category
from .redirects import Redirect

STARS = [f"stars_{stars}" for stars in range(1, 6)]
# What tags of a list stand for of each product in it, besides the columns that Product.not_in_lists
# leaves, by the aspect they name (see shop.invalidation).
LIST_COLUMNS = {
    "title": {"title"},
    "words": {"title", "description", "specifications"},
    "specifications": {"specifications"},
}


class Product(TrackedModel):
    """Something a seller offers, in one or more variants."""

    cache_subject_of = ("product", "pk")
    # The rating is computed from other columns.
    not_shown = {"id", "version", "created_at", "changed_at", "rating"}
    not_on_cards = {"description", "care", "specifications", "option_names", "status", *STARS}
    not_beside_reviews = {
        *("brand", "description", "care", "specifications", "option_names", "listed_at"),
        *("price", "price_max", "compare_at_price", "currency", "stock_shown", "rating_sum", "rating_count"),
    }
    # What decides which lists have it, and where by age; their aspects stand for the rest.
    not_in_lists = {
        *("title", "description", "care", "specifications", "option_names", "status", *STARS),
        *("price", "price_max", "compare_at_price", "currency", "stock_shown", "rating_sum", "rating_count"),
    }

    class Status(models.TextChoices):
        DRAFT = "draft"
        LISTED = "listed"
        ARCHIVED = "archived", "No longer sold"

    title = LineField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    brand = LineField(max_length=80, blank=True)
    description = MarkdownField(max_length=LONGEST, blank=True, help_text="Markdown.")
    care = MarkdownField("care instructions", max_length=5000, blank=True, help_text="Markdown.")
    specifications = PairsField(default=list, blank=True, help_text='Pairs: [["Material", "Oak"], …]')
    option_names = WordsField(
        default=list, blank=True, help_text='What its variants differ in: ["Size", "Colour"]'
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    listed_at = models.DateTimeField(null=True, blank=True)

    # What cards show and lists sort by, kept by summarise_variants() and by reviews.
    price = MoneyColumn(null=True, editable=False)
    price_max = MoneyColumn(null=True, editable=False)
    compare_at_price = MoneyColumn(null=True, editable=False)
    currency = models.CharField(max_length=3, default=settings.DEFAULT_CURRENCY, editable=False)
    stock_shown = models.PositiveSmallIntegerField(default=0, editable=False)
    rating_sum = models.PositiveIntegerField(default=0, editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    stars_1 = models.PositiveIntegerField(default=0, editable=False)
    stars_2 = models.PositiveIntegerField(default=0, editable=False)
    stars_3 = models.PositiveIntegerField(default=0, editable=False)
    stars_4 = models.PositiveIntegerField(default=0, editable=False)
    stars_5 = models.PositiveIntegerField(default=0, editable=False)
    # In whole tenths, halves up: what pages show is what lists filter and sort by.
    rating = models.GeneratedField(
        expression=models.Case(
            models.When(rating_count=0, then=models.Value(0.0)),
            default=(F("rating_sum") * 20 + F("rating_count")) / (F("rating_count") * 2) * 1.0 / 10,
        ),
        output_field=models.FloatField(),
        db_persist=True,
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["-listed_at", "-pk"]
        constraints = [
            UniqueWhateverCase(
                Lower("slug"),
                name="product_slug_whatever_case",
                violation_error_message=(
                    "Another product has this slug but for capital letters, which do not count."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status="listed") | Q(price__isnull=False, listed_at__isnull=False),
                name="product_listed_has_price_and_date",
            ),
            models.CheckConstraint(
                condition=Q(rating_sum__gte=F("rating_count"), rating_sum__lte=F("rating_count") * 5),
                name="product_rating_from_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(
                    rating_count=F("stars_1") + F("stars_2") + F("stars_3") + F("stars_4") + F("stars_5"),
                    rating_sum=F("stars_1")
                    + F("stars_2") * 2
                    + F("stars_3") * 3
                    + F("stars_4") * 4
                    + F("stars_5") * 5,
                ),
                name="product_histogram_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-listed_at", "-id"], name="product_newest"),
            models.Index(fields=["status", "price", "-id"], name="product_by_price"),
            models.Index(fields=["status", "-rating", "-rating_count", "-id"], name="product_best_rated"),
            models.Index(fields=["status", "title", "id"], name="product_by_name"),
            models.Index(fields=["status", "brand", "-listed_at", "-id"], name="product_by_brand"),
            models.Index(fields=["category", "status", "-listed_at", "-id"], name="product_in_category"),
            models.Index(
                fields=["status", "-listed_at", "-id"],
                condition=Q(compare_at_price__gt=F("price")),
                name="product_reduced",
            ),
        ]

    def __str__(self):
        return self.title

    @transaction.atomic
    def save(self, *args, **kwargs):
        if self.is_listed and not self.listed_at:
            self.listed_at = timezone.now()
        if not self._state.adding:
            self.version += 1
        former = Product.objects.filter(pk=self.pk).only("slug", "status", "seller").first()
        super().save(*args, **kwargs)
        if former and former.slug != self.slug and not former.is_draft:
            Redirect.add(product_url(former.slug), self.get_absolute_url())
        if former and former.seller_id != self.seller_id:
            self.variants.update(seller=self.seller_id)
            product_moved.send(Product, product=self)

    @property
    def maker(self):
        """Return the name that stands for who made it: its brand, or its seller."""
        return self.brand or self.seller.name

    @property
    def summary(self):
        """Return its description as plain text on one line, or its maker if it has none."""
        return plain_text(self.description) or f"{self.title} by {self.maker}"

    def get_absolute_url(self):
        return product_url(self.slug)

    def clean(self):
        """Let a product move only where no other has its SKUs."""
        if self.pk is None or self.seller_id is None:
            return
        moving = self.variants.exclude(seller=self.seller_id)
        taken = moving.model.objects.filter(seller=self.seller_id, sku__in=moving.values("sku"))
        if skus := ", ".join(variant.sku for variant in taken):
            message = f"{self.seller} has these SKUs already: {skus}. Change them first."
            raise ValidationError({"seller": message})

    def list(self):
        """Put it up for sale; it needs a variant, which has its price."""
        self._set_status(self.Status.LISTED)

    def archive(self):
        """End its sale; its page stays."""
        self._set_status(self.Status.ARCHIVED)

    def _set_status(self, status):
        with self.changing():
            self.status = status
            self.save()

    @contextmanager
    def changing_offers(self, actor=""):
        """Yield its variants for changes of price and stock; its own columns follow."""
        with self.changing(actor):
            yield self.variants.all()
            self.summarise_variants()
            self.save()

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_listed(self):
        return self.status == self.Status.LISTED

    @property
    def is_archived(self):
        return self.status == self.Status.ARCHIVED

    @property
    def cover(self):
        """The first photo, or None; photos should be prefetched."""
        return next(iter(self.photos.all()), None)

    @property
    def stock(self):
        return Stock(self.stock_shown)

    @property
    def is_reduced(self):
        return self.compare_at_price is not None and self.compare_at_price > self.price

    @property
    def whole_stars(self):
        """The rating, rounded to a tenth as the column is, without its tenths."""
        count = self.rating_count
        return (self.rating_sum * 20 + count) // (count * 2) // 10 if count else 0

    @property
    def histogram(self):
        """Pairs of stars and how many reviews give them, five stars first."""
        return [(stars, getattr(self, f"stars_{stars}")) for stars in (5, 4, 3, 2, 1)]

    @classmethod
    def typed_fields(cls):
        """Return the fields that a seller types; forms, drafts and differences are built from them."""
        return [
            field
            for field in cls._meta.concrete_fields
            if isinstance(field, LineField | ProseField) or field.name == "category"
        ]

    def summarise_variants(self, variants=None):
        """Set the columns that lists use from its variants, or those given; the caller saves."""
        variants = list(self.variants.all() if variants is None else variants)
        first = shown_first(variants)
        self.price = first.price
        self.price_max = max(variant.price for variant in variants if variant.stock or not first.stock)
        self.compare_at_price = first.compare_at_price
        self.currency = first.currency
        self.stock_shown = min(sum(variant.stock for variant in variants), STOCK_SHOWN_LIMIT)

    def has_tag_among(self, tags, kinds=("card", "product", "reviews")):
        return any(f"{kind}:{self.slug}" in tags for kind in kinds)

    def is_covered_by(self, tags):
        loaded = {field.attname for field in self._meta.concrete_fields} - self.get_deferred_fields()
        aspects = {tag.partition(".")[2] for tag in tags}
        loaded -= set().union(*(LIST_COLUMNS.get(aspect, ()) for aspect in aspects))
        decisive = {field.attname for field in self.shown_columns(self.not_in_lists)}
        return loaded <= decisive | {"id"} or self.has_tag_among(tags)

    def tag_facts(self):
        return tags_of_product(self)

    def list_facts(self):
        """Return {aspect: what decides which lists have this product, and where}; see invalidation."""
        return {
            "": self.facts(but=self.not_in_lists),
            ".price": self.price,
            ".band": price_band(self.price),
            ".stock": self.stock.is_out,
            ".rating": (self.rating_sum, self.rating_count),
            ".stars": self.whole_stars,
            ".title": self.title,
            ".words": (self.title, self.brand, self.description, repr(self.specifications)),
            ".specifications": repr(self.specifications),
            ".pictures": self.picture_facts(),
            ".reduced": self.is_reduced,
        }

    def card_facts(self):
        """Return what a card shows; two equal results look the same everywhere."""
        return self.facts(but=self.not_on_cards), self.picture_facts()

    def picture_facts(self):
        return tuple(photo.facts() for photo in self.photos.all())

    def reviews_facts(self):
        """Return what the page with its reviews shows of the product itself."""
        cover = self.cover
        return self.facts(but=self.not_beside_reviews), cover and cover.facts()

    def page_facts(self):
        """Return what the product's page shows."""
        variants = tuple(variant.facts() for variant in self.variants.all())
        return self.facts(), self.picture_facts(), variants


# A page of cards needs dozens of them, each twice.
@lru_cache(maxsize=10_000)
def product_url(slug):
    return reverse("product_detail", args=[slug])
