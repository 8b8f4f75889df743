from django.core.management.base import BaseCommand

from shop.selling.models import SentForm, Upload


class Command(BaseCommand):
    help = (
        "Delete pictures that no form shows any more after days, and what forms made long ago; run it daily."
    )

    def handle(self, **options):
        SentForm.objects.old().delete()
        count = Upload.objects.abandoned().sweep()
        self.stdout.write(f"Swept {count} upload{'' if count == 1 else 's'}.")
