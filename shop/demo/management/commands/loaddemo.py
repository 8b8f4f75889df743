import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.demo.edits import add_edits
from shop.demo.reviews import load_reviews
from shop.demo.shop import DOMAIN, DemoShop

DEFAULT_PASSWORD = "ingle-demo"  # noqa: S105 - public, and refused where DEBUG is off


class Command(BaseCommand):
    help = "Load the demo shop: makers, categories, products, photos and sign-ins. Running it twice is safe."

    def add_arguments(self, parser):
        parser.add_argument("--password", help=f"of all demo sign-ins (with DEBUG: {DEFAULT_PASSWORD})")
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there are products")

    def handle(self, *, password, if_empty, **options):
        if not (if_empty and Product.objects.exists()):
            self.load(password or self.default_password())
        self.show_sign_ins(password or DEFAULT_PASSWORD)

    def default_password(self):
        if not settings.DEBUG:
            raise CommandError("With DEBUG off the demo needs a password that is not public: --password …")
        return DEFAULT_PASSWORD

    def load(self, password):
        shop = DemoShop(password)
        shop.load(self.progress)
        load_reviews(shop)
        add_edits()
        written = ", ".join(f"{count} {kind}" for kind, count in shop.written.items())
        self.stdout.write(f"Demo shop: wrote {written}." if written else "Demo shop: nothing to do.")

    def progress(self, photos, total):
        """Show a bar with the time left on a terminal, and plain lines elsewhere."""
        if sys.stderr.isatty():
            yield from tqdm(photos, "Preparing photos", total, unit="photo")
            return
        for count, photo in enumerate(photos, 1):
            yield photo
            if count % 10 == 0 or count == total:
                self.stdout.write(f"Preparing photos: {count} of {total}")

    def show_sign_ins(self, password):
        users = list(User.objects.filter(email__endswith=f"@{DOMAIN}").order_by("-is_staff", "pk"))
        if not users:
            return
        known = password if users[0].check_password(password) else "the one you chose"
        self.stdout.write(f"\nSign in to the demo shop (password: {known}):")
        for user in users:
            place = f"everything, and /{settings.ADMIN_PATH}" if user.is_staff else user.display_name
            self.stdout.write(f"  {user.email:<36} {place}")
