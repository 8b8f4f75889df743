from django.core.management.base import BaseCommand

from shop.selling.models import Upload


class Command(BaseCommand):
    help = "Delete pictures that sellers sent days ago and that no form shows any more; run it daily."

    def handle(self, **options):
        count = Upload.objects.abandoned().sweep()
        self.stdout.write(f"Swept {count} upload{'' if count == 1 else 's'}.")
