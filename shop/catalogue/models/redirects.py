from django.db import models, transaction


class Redirect(models.Model):
    """A path that a page had before, and its path today."""

    old_path = models.CharField(max_length=1100, primary_key=True)
    new_path = models.CharField(max_length=1100, db_index=True)

    def __str__(self):
        return f"{self.old_path} → {self.new_path}"

    @classmethod
    @transaction.atomic
    def add(cls, old_path, new_path):
        """Redirect a path, and all that led to it, without chains or loops."""
        if old_path == new_path:
            return
        cls.objects.filter(new_path=old_path).update(new_path=new_path)
        cls.objects.update_or_create(old_path=old_path, defaults={"new_path": new_path})
        cls.objects.filter(old_path=new_path).delete()
