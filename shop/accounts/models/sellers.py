import secrets

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from shop.caching.tracking import TrackedModel, TrackedQuerySet
from shop.fields.columns import YearColumn
from shop.fields.limits import YEARS, limited
from shop.fields.markdown import MarkdownField
from shop.fields.slugs import UniqueWhateverCase
from shop.fields.texts import LineField
from shop.invalidation import seller_changed, seller_state

from .people import User


def logo_name(owner, filename):
    """Name files ourselves, whatever the uploader called them."""
    return f"logos/{secrets.token_hex(8)}.webp"


class Seller(TrackedModel):
    """The public profile of one who sells."""

    cache_subject_of = ("seller", "pk")

    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="seller")
    name = LineField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    craft = LineField(max_length=120, blank=True, help_text="What is made, in a few words.")
    place = LineField(max_length=80, blank=True)
    since = YearColumn("making since", null=True, blank=True)
    about = MarkdownField(max_length=5000, blank=True, help_text="Markdown.")
    contact_email = models.EmailField("address for orders", blank=True)
    logo = models.ImageField(
        upload_to=logo_name, width_field="logo_width", height_field="logo_height", blank=True
    )
    logo_width = models.PositiveIntegerField(null=True, editable=False)
    logo_height = models.PositiveIntegerField(null=True, editable=False)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            UniqueWhateverCase(
                Lower("slug"),
                name="seller_slug_whatever_case",
                violation_error_message=(
                    "Another seller has this slug but for capital letters, which do not count."
                ),
            ),
            *limited("seller", "since", least=YEARS[0], most=YEARS[1]),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("seller_detail", args=[self.slug])

    def page_facts(self):
        """Return what the seller's own page shows."""
        return (*self.facts_elsewhere(), self.since, self.about, *self.logo_facts())

    def facts_elsewhere(self):
        """Return what cards and product pages show of the seller, too."""
        return self.name, self.slug, self.craft, self.place, self.contact_email

    def logo_facts(self):
        return self.logo.name, self.logo_width, self.logo_height

    def part_from_person(self):
        before = seller_state(self)
        self.user, self.contact_email = None, ""
        self.save()
        seller_changed(self, before)
