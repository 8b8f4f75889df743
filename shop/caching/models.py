from django.db import models


class Version(models.Model):
    """The current version of one tag; rows are renewed, never deleted."""

    tag = models.CharField(max_length=1100, primary_key=True)
    version = models.BigIntegerField()

    def __str__(self):
        return f"{self.tag} {self.version:016x}"
