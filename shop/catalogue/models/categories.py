from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower, Substr
from django.urls import reverse

from shop.caching.tracking import TrackedModel
from shop.caching.versions import clearing
from shop.fields.columns import CountColumn
from shop.fields.limits import MOST_POSITION, limited
from shop.fields.slugs import UniqueWhateverCase
from shop.fields.texts import LineField, ProseField
from shop.invalidation import tags_of_category

from ..querysets import CategoryQuerySet
from .redirects import Redirect


class Category(TrackedModel):
    """A node of the category tree; its path is the slugs from the root down."""

    cache_subject_of = ("category", "pk")
    not_shown = {"id"}

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = LineField(max_length=80)
    slug = models.SlugField(max_length=80)
    path = models.CharField(max_length=1000, unique=True, editable=False)
    position = CountColumn(default=0, help_text="Its place among its siblings.")
    introduction = ProseField(
        max_length=2000, blank=True, help_text="A sentence or two at the head of its page."
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                name="category_not_its_own_parent",
            ),
            UniqueWhateverCase(Lower("path"), name="category_path_whatever_case"),
            *limited("category", "position", most=MOST_POSITION),
        ]

    def __str__(self):
        return self.path

    def save(self, *args, **kwargs):
        former = Category.objects.filter(pk=self.pk).values_list("path", flat=True).first()
        self.path = self.make_path()
        is_moved = former not in (None, self.path)
        with clearing(exclusive=is_moved):
            super().save(*args, **kwargs)
            if is_moved:
                self._take_descendants_along(former)

    def get_absolute_url(self):
        return category_url(self.path)

    def clean(self):
        if self.slug == "related":
            raise ValidationError({"slug": "This word is reserved; choose another."})
        if self.pk and self.parent and self.pk in {c.pk for c in self.parent.with_ancestors()}:
            raise ValidationError({"parent": "A category cannot be moved into itself."})
        if Category.objects.filter(path__iexact=self.make_path()).exclude(pk=self.pk).exists():
            message = "There is a category with this slug here already; capital letters do not count."
            raise ValidationError({"slug": message})

    @property
    def depth(self):
        """0 for a root."""
        return self.path.count("/")

    def make_path(self):
        return f"{self.parent.path}/{self.slug}" if self.parent else self.slug

    def tag_facts(self):
        return tags_of_category(self)

    def with_ancestors(self):
        return Category.objects.trail(self.path)

    def _take_descendants_along(self, former):
        below = Category.objects.filter(path__below=former)
        Redirect.add(category_url(former), self.get_absolute_url())
        for path in below.values_list("path", flat=True):
            Redirect.add(category_url(path), category_url(self.path + path[len(former) :]))
        below.update(path=Concat(Value(self.path), Substr("path", len(former) + 1)))


# The menu asks for all of them.
@lru_cache(maxsize=2000)
def category_url(path):
    return reverse("category_detail", args=[path])
