from django.core.management.base import BaseCommand

from shop.caching.versions import SITE, clear, clearing


class Command(BaseCommand):
    help = "Clear every page: needed after a restore, or pages stored since the backup could be shown."

    def handle(self, **options):
        with clearing(actor="clear_pages"):
            clear([SITE], ("by hand",))
        self.stdout.write("Every page will be rebuilt when it is next requested.")
