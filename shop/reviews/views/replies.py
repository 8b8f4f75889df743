"""The reviews of a seller's products, and replies to them."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django.views.generic import ListView, UpdateView

from shop.links import Link
from shop.sellers.models import Seller

from ..forms import ReplyForm
from ..models import Review
from .own import PersonalView


class ReviewsOfOwnProducts(PersonalView, LoginRequiredMixin):
    """A view of the reviews of the seller's own products."""

    def get_queryset(self):
        self.seller = get_object_or_404(Seller, user=self.request.user)
        return Review.objects.published().of_seller(self.seller).select_related("product__seller").for_page()


class SellerReviews(ReviewsOfOwnProducts, ListView):
    """Newest first, or only those without a reply."""

    template_name = "reviews/seller_reviews.html"
    paginate_by = 20
    context_object_name = "reviews"

    def get_queryset(self):
        self.is_unanswered = self.request.GET.get("unanswered") == "1"
        self.everything = super().get_queryset().prefetch_related("product__photos").newest()
        return self.everything.unanswered() if self.is_unanswered else self.everything

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        path, waiting = self.request.path, self.everything.unanswered().count()
        return context | {
            "kinds": [
                Link(f"All ({self.everything.count()})", path, not self.is_unanswered),
                Link(f"Without a reply ({waiting})", f"{path}?unanswered=1", self.is_unanswered),
            ],
        }


class ReplyUpdate(ReviewsOfOwnProducts, UpdateView):
    """Write or change the reply to a review."""

    form_class = ReplyForm
    template_name = "reviews/reply_update.html"
    context_object_name = "review"

    def form_valid(self, form):
        return replied(self.request, form.save())


class ReplyDelete(ReviewsOfOwnProducts, View):
    http_method_names = ["post"]

    def post(self, request, pk):
        review = get_object_or_404(self.get_queryset(), pk=pk)
        review.answer("", actor=str(self.seller))
        return replied(request, review)


def replied(request, review):
    if request.htmx:
        return render(request, "reviews/_seller_review.html", {"review": review, "is_changed": True})
    return redirect("seller_reviews")
