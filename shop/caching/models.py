from django.db import models
from django.utils import timezone


class Version(models.Model):
    """The current version of a tag. Rows are updated, never deleted."""

    tag = models.CharField(max_length=1100, primary_key=True)
    version = models.BigIntegerField()
    cleared_at = models.DateTimeField(default=timezone.now)
    cleared_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-cleared_at"]
        verbose_name = "cache tag"

    def __str__(self):
        return f"{self.tag} {self.version:016x}"


class Note(models.Model):
    """A value until it expires (seconds since the epoch); name is a digest. See notes.py."""

    name = models.CharField(max_length=32, primary_key=True)
    value = models.TextField(blank=True)
    expires = models.FloatField(db_index=True)

    def __str__(self):
        return self.name
