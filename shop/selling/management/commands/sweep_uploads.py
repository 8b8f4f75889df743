from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Delete what people have begun and left, after its time (docs/operating.md); run it daily."

    def handle(self, **options):
        for sweep in map(import_string, settings.SWEEPS):
            self.stdout.write(f"Swept {sweep()}.")
