from django.db import models
from django.db.models import F
from django.utils import timezone

from shop.catalogue.models import Category, Product
from shop.sellers.models import Seller

from .querysets import FacetCountQuerySet


class SearchDocument(models.Model):
    """The searched texts of a listed product, folded; triggers write it in the product's own transaction."""

    product = models.OneToOneField(
        Product,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="search_document",
    )
    title = models.TextField()
    brand = models.TextField()
    category = models.TextField()
    ancestors = models.TextField()
    specifications = models.TextField()
    description = models.TextField()

    def __str__(self):
        return self.title


class SearchIndex(models.Model):
    """The full-text index of the documents: a table of FTS5, or a view of PostgreSQL's vectors."""

    product = models.OneToOneField(
        Product,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        related_name="search_index",
    )
    # FTS5 has a column of the table's own name, which stands for the whole row.
    words = models.TextField(db_column="browse_searchindex")
    # Read by the engine only.
    rank = models.TextField()

    class Meta:
        managed = False

    def __str__(self):
        return str(self.pk)


class SearchTerm(models.Model):
    """A word that occurs in the documents: what misspelt words are corrected to."""

    term = models.TextField(primary_key=True)

    class Meta:
        managed = False

    def __str__(self):
        return self.term


class FacetCount(models.Model):
    """A signed count for one combination of dimensions; the sum of its rows is the number of products."""

    # Which dimensions the row has, as PostgreSQL's GROUPING() says it; there is no key.
    grouping = models.IntegerField(primary_key=True)
    category = models.ForeignKey(Category, on_delete=models.DO_NOTHING, related_name="+")
    brand = models.TextField()
    seller = models.ForeignKey(Seller, on_delete=models.DO_NOTHING, related_name="+")
    band = models.IntegerField()
    stars = models.IntegerField()
    in_stock = models.BooleanField()
    n = models.IntegerField()

    objects = FacetCountQuerySet.as_manager()

    class Meta:
        managed = False

    def __str__(self):
        return f"{self.grouping}: {self.n}"


class AttributeCount(models.Model):
    """A signed count of products of a category with an attribute like Material: Oak; rows add up."""

    # There is no key.
    name = models.TextField(primary_key=True)
    value = models.TextField()
    category = models.ForeignKey(Category, on_delete=models.DO_NOTHING, related_name="+")
    n = models.IntegerField()

    class Meta:
        managed = False

    def __str__(self):
        return f"{self.name}: {self.value}"


class ZeroResultSearch(models.Model):
    """A search that found nothing, for staff to see which product, or which word for it, is missing."""

    KEPT = 1000

    text = models.CharField(max_length=100, primary_key=True)
    times = models.PositiveIntegerField(
        default=0, help_text="How often its page was built: a page that is cached is not counted again."
    )
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "zero-result search"
        verbose_name_plural = "zero-result searches"
        ordering = ["-times", "-last_at"]

    def __str__(self):
        return self.text

    @classmethod
    def count(cls, text):
        """Count a search once more, and delete the oldest of more than KEPT."""
        search, is_new = cls.objects.get_or_create(text=text)
        cls.objects.filter(pk=search.pk).update(times=F("times") + 1, last_at=timezone.now())
        if is_new:
            oldest = cls.objects.order_by("-last_at").values_list("pk", flat=True)[cls.KEPT :]
            cls.objects.filter(pk__in=list(oldest)).delete()
