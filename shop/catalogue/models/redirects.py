from django.db import models, transaction


class FormerAddress(models.Model):
    """A URL that a page had before, which leads to its URL of today."""

    address = models.CharField(max_length=1100, primary_key=True)
    leads_to = models.CharField(max_length=1100, db_index=True)

    class Meta:
        verbose_name_plural = "former addresses"

    def __str__(self):
        return f"{self.address} → {self.leads_to}"

    @classmethod
    @transaction.atomic
    def moved(cls, old, new):
        """Remember that the page at old is at new, without chains and without circles."""
        if old == new:
            return
        cls.objects.filter(leads_to=old).update(leads_to=new)
        cls.objects.update_or_create(address=old, defaults={"leads_to": new})
        cls.objects.filter(address=new).delete()
