from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from shop.caching.tracking import TrackedQuerySet


class ReviewQuerySet(TrackedQuerySet):
    def published(self):
        return self.filter(state="published")

    def for_page(self):
        """Load what pages show of reviews, in two queries."""
        return self.prefetch_related("photos__review")

    def newest(self):
        return self.order_by("-published_at", "-pk")

    def most_helpful(self):
        return self.order_by("-helpful_count", "unhelpful_count", "-published_at", "-pk")

    def highest(self):
        return self.order_by("-rating", "-published_at", "-pk")

    def lowest(self):
        return self.order_by("rating", "-published_at", "-pk")

    def with_photos(self):
        return self.filter(photos__isnull=False).distinct()

    def unanswered(self):
        return self.filter(reply="")

    def of_seller(self, seller):
        return self.filter(product__seller=seller)

    def with_open_reports(self):
        """Annotate the number of unsettled reports, as `open_reports`."""
        # A subquery: a join would sort all reviews first.
        reports = self.model._meta.get_field("reports").related_model.objects.order_by()
        mine = reports.filter(review=OuterRef("pk"), settled_at__isnull=True).values("review")
        count = Subquery(mine.annotate(count=Count("pk")).values("count"))
        return self.annotate(open_reports=Coalesce(count, 0))

    def queue(self):
        """Reviews to moderate, the most suspicious first."""
        waits = Q(checked_at__isnull=True) | Q(edited_at__gt=F("checked_at")) | Q(open_reports__gt=0)
        return self.with_open_reports().filter(waits).order_by("-open_reports", "-spam_score", "pk")
