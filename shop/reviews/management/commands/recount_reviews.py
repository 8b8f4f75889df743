from collections import Counter

from django.core.management.base import BaseCommand
from django.db.models import Count, Q

from shop.caching.versions import clearing
from shop.catalogue.models import Product
from shop.reviews.models import Review, Vote
from shop.reviews.ratings import count_ratings, rating_columns, stored_columns


class Command(BaseCommand):
    help = "Count all ratings and votes anew, report what is kept differently, and put it right."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="report only")

    def handle(self, *, dry_run, **options):
        ratings, votes = list(wrong_ratings()), list(wrong_votes())
        for product, columns in ratings:
            kept = histogram(stored_columns(product))
            self.stdout.write(f"{product.slug}: {kept} kept, {histogram(columns)} counted")
        for review, counts in votes:
            kept = (review.helpful_count, review.unhelpful_count)
            self.stdout.write(f"review {review.pk}: {kept} votes kept, {counts} counted")
        if not dry_run:
            for product_id in sorted({p.pk for p, _ in ratings} | {r.product_id for r, _ in votes}):
                recount(product_id, votes=[review.pk for review, _ in votes])
        done = "would be put right" if dry_run else "were put right"
        self.stdout.write(f"{len(ratings)} products and {len(votes)} reviews {done}.")


def wrong_ratings():
    counts = {}
    rows = Review.objects.published().order_by().values_list("product_id", "rating")
    for product_id, rating, count in rows.annotate(Count("pk")):
        counts.setdefault(product_id, {})[rating] = count
    reviewed = Product.objects.filter(Q(pk__in=counts) | Q(rating_count__gt=0)).order_by("pk")
    for product in reviewed.iterator():
        columns = rating_columns(counts.get(product.pk, {}))
        if columns != stored_columns(product):
            yield product, columns


def wrong_votes():
    counts = Counter(Vote.objects.values_list("review_id", "is_helpful"))
    for review in Review.objects.order_by("pk").iterator():
        counted = (counts[review.pk, True], counts[review.pk, False])
        if counted != (review.helpful_count, review.unhelpful_count):
            yield review, counted


def recount(product_id, votes):
    with clearing(actor="recount_reviews"):
        product = Product.objects.for_page().locked().get(pk=product_id)
        count_ratings(product)
        for review in product.reviews.filter(pk__in=votes):
            review.count_votes()
            review.save()


def histogram(columns):
    return "/".join(str(columns[f"stars_{stars}"]) for stars in (5, 4, 3, 2, 1))
