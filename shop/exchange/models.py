from django.db import models

from shop.catalogue.models import Photo


class PhotoSource(models.Model):
    """What file a photo was made of, so that the same file is known when it comes again."""

    photo = models.OneToOneField(Photo, on_delete=models.CASCADE, related_name="source")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file as it was sent.")

    def __str__(self):
        return self.digest
