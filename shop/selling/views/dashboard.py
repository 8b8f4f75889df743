from django.conf import settings
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.views.generic import TemplateView

from shop.catalogue.stock import LOW_STOCK

from ..charts import listings_by_month, ratings
from ..models import Edit
from .access import SellersOnly

SHOWN = 8


class Dashboard(SellersOnly, TemplateView):
    """What needs the seller's attention, and how the shop is doing."""

    template_name = "selling/dashboard.html"

    def turn_away(self):
        """Redirect people without a shop to the application."""
        return redirect("apply")

    def get_context_data(self, **kwargs):
        products, edits = self.seller.products.all(), self.seller.edits.select_related("product")
        return super().get_context_data(
            seller=self.seller,
            is_new=not products.exists(),
            needs_approval=settings.PRODUCTS_NEED_APPROVAL,
            counts=products.aggregate(
                listed=Count("pk", filter=Q(status="listed")),
                draft=Count("pk", filter=Q(status="draft")),
                archived=Count("pk", filter=Q(status="archived")),
                out=Count("pk", filter=Q(status="listed", stock_shown=0)),
            ),
            low=products.listed().filter(stock_shown__lte=LOW_STOCK).order_by("stock_shown", "title")[:SHOWN],
            sent_back=edits.filter(state=Edit.State.REJECTED)[:SHOWN],
            waiting=edits.waiting()[:SHOWN],
            waiting_count=edits.waiting().count(),
            drafts=edits.drafts()[:SHOWN],
            charts=[listings_by_month(products), ratings(products)],
            **kwargs,
        )
