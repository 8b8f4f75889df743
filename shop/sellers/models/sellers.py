from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from shop.accounts.models import User
from shop.caching.tracking import TrackedModel, TrackedQuerySet
from shop.caching.versions import clearing
from shop.fields.columns import YearColumn
from shop.fields.limits import YEARS, limited
from shop.fields.markdown import MarkdownField, plain_text
from shop.fields.slugs import UniqueWhateverCase
from shop.fields.texts import LineField
from shop.images.models import random_path
from shop.invalidation import tags_of_seller


class Seller(TrackedModel):
    """The public profile of a shop."""

    cache_subject_of = ("seller", "pk")
    not_shown = {"id", "user"}
    not_on_products = {"since", "about", "logo", "logo_width", "logo_height"}
    not_on_cards = {*not_on_products, "craft", "place", "contact_email"}
    not_in_lists = {*not_on_products, "contact_email"}

    picture_folder = "logos"

    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="seller")
    name = LineField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    craft = LineField(max_length=120, blank=True, help_text="What is made, in a few words.")
    place = LineField(max_length=80, blank=True)
    since = YearColumn("making since", null=True, blank=True)
    about = MarkdownField(max_length=5000, blank=True, help_text="Markdown.")
    contact_email = models.EmailField("email for orders", blank=True)
    logo = models.ImageField(
        upload_to=random_path, width_field="logo_width", height_field="logo_height", blank=True
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

    def save(self, *args, **kwargs):
        former = Seller.objects.filter(pk=self.pk).first()
        elsewhere = self.not_on_products
        # Its products' tags are renewed, so no other writer may change which tags they have.
        with clearing(exclusive=former is not None and former.facts(elsewhere) != self.facts(elsewhere)):
            super().save(*args, **kwargs)

    @property
    def summary(self):
        """Return what it says of itself in plain words on one line, or its name, craft and place."""
        return plain_text(self.about) or ", ".join(filter(None, (self.name, self.craft, self.place)))

    def get_absolute_url(self):
        return reverse("seller_detail", args=[self.slug])

    def tag_facts(self):
        return tags_of_seller(self)

    def is_covered_by(self, tags):
        """Whether tags stand for it, as those of its products do, whose own rows are looked at, too."""
        kinds = {tag.partition(":")[0] for tag in tags}
        return f"seller:{self.slug}" in tags or bool(kinds & {"sellers", "product", "card", "reviews"})

    def part_from_person(self):
        with self.changing():
            self.user, self.contact_email = None, ""
            self.save()
