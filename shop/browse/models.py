from django.db import models
from django.db.models import F
from django.utils import timezone

from shop.catalogue.models import Category, Product
from shop.sellers.models import Seller

from .querysets import TallyQuerySet


class Entry(models.Model):
    """What is searched of a listed product, folded; triggers write it in the product's own transaction."""

    product = models.OneToOneField(
        Product,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="entry",
    )
    title = models.TextField()
    brand = models.TextField()
    category = models.TextField()
    ancestors = models.TextField()
    specifications = models.TextField()
    description = models.TextField()

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self):
        return self.title


class Index(models.Model):
    """The full-text index over the entries: a table of FTS5, or a view of PostgreSQL's vectors."""

    product = models.OneToOneField(
        Product, on_delete=models.DO_NOTHING, primary_key=True, db_column="rowid", related_name="index"
    )
    # The name by which FTS5 knows a row as a whole; what `rank` holds is the engine's own business.
    words = models.TextField(db_column="browse_index")
    rank = models.TextField()

    class Meta:
        managed = False
        db_table = "browse_index"
        verbose_name_plural = "index"

    def __str__(self):
        return str(self.pk)


class Word(models.Model):
    """A word that products are described with: what misspelt words are corrected to."""

    term = models.TextField(primary_key=True)

    class Meta:
        managed = False
        db_table = "browse_word"

    def __str__(self):
        return self.term


class Tally(models.Model):
    """So many products of a kind, more or less than other rows say of the same kind."""

    # Which dimensions the row tells, as PostgreSQL's GROUPING() has it; there is no key.
    level = models.IntegerField(primary_key=True)
    category = models.ForeignKey(Category, on_delete=models.DO_NOTHING, related_name="+")
    brand = models.TextField()
    seller = models.ForeignKey(Seller, on_delete=models.DO_NOTHING, related_name="+")
    band = models.IntegerField()
    stars = models.IntegerField()
    in_stock = models.BooleanField()
    n = models.IntegerField()

    objects = TallyQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "browse_tally"
        verbose_name_plural = "tallies"

    def __str__(self):
        return f"{self.level}: {self.n}"


class Pair(models.Model):
    """So many products of a category have a pair like Material: Oak, more or less than other rows say."""

    # There is no key.
    name = models.TextField(primary_key=True)
    value = models.TextField()
    category = models.ForeignKey(Category, on_delete=models.DO_NOTHING, related_name="+")
    n = models.IntegerField()

    class Meta:
        managed = False
        db_table = "browse_pair"

    def __str__(self):
        return f"{self.name}: {self.value}"


class FruitlessSearch(models.Model):
    """Words that nothing was found for, for staff to see what is missing, or missing a word."""

    KEPT = 1000

    text = models.CharField(max_length=100, primary_key=True)
    times = models.PositiveIntegerField(
        default=0, help_text="How often its page was built: a page that is cached is not counted again."
    )
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "searches without results"
        ordering = ["-times", "-last_at"]

    def __str__(self):
        return self.text

    @classmethod
    def count(cls, text):
        """Count a search once more; of more than KEPT, the one that is longest ago is forgotten."""
        search, is_new = cls.objects.get_or_create(text=text)
        cls.objects.filter(pk=search.pk).update(times=F("times") + 1, last_at=timezone.now())
        if is_new:
            ago = cls.objects.order_by("-last_at").values_list("pk", flat=True)[cls.KEPT :]
            cls.objects.filter(pk__in=list(ago)).delete()
