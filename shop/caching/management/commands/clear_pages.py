from django.core.management.base import BaseCommand

from shop.caching.versions import SITE, clear, clearing


class Command(BaseCommand):
    help = "Make every page new; after a restore no page stored since the backup may pass for a present one."

    def handle(self, **options):
        with clearing(actor="clear_pages"):
            clear([SITE], ("by hand",))
        self.stdout.write("Every page is built anew when it is next asked for.")
