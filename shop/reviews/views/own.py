"""The visitor's own review, votes and reports (never cached): fragments for htmx, pages without."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import CreateView, DetailView, FormView, ListView, UpdateView
from django_htmx.http import HttpResponseClientRedirect

from shop.caching.clients import network_of
from shop.caching.rate_limit import is_within_limit
from shop.catalogue.models import Product
from shop.fields.ids import read_id
from shop.htmx import HtmxTemplateMixin
from shop.images.full_disk import full_disk_told

from ..forms import ReportForm, ReviewForm, VoteForm
from ..models import Report, Review, Vote

MINUTE, VOTES_A_MINUTE = 60, 30
SHOWN_AT_MOST = 20

THANKS = {
    Review.State.PUBLISHED: "Thank you. Your review is on the page.",
    Review.State.WAITING: "Thank you. Somebody of the shop reads your review before it is shown.",
}


class PersonalView(HtmxTemplateMixin):
    """A view of personal data, never cached: a fragment for htmx, a page without."""

    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        if request.htmx and response.status_code == 302:  # to the sign-in, which is no fragment
            return HttpResponseClientRedirect(response.url)
        return response


class MyReview(PersonalView, DetailView):
    """The visitor's review of a product, or the form to write one."""

    queryset = Product.objects.public().select_related("seller")
    template_name = "reviews/my_review.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | own_context(self.request, self.object)


class ReviewCreate(PersonalView, CreateView):
    """Add a review; an invalid form comes back with its text."""

    form_class = ReviewForm
    template_name = "reviews/my_review.html"

    def get_form_kwargs(self):
        products = Product.objects.public().select_related("seller")
        self.product = get_object_or_404(products, slug=self.kwargs["slug"])
        return super().get_form_kwargs() | {"instance": Review(product=self.product), **sender(self.request)}

    def form_valid(self, form):
        with full_disk_told(form):
            return answered(self.request, form.save())
        return self.form_invalid(form)

    def form_invalid(self, form):
        context = own_context(self.request, self.product) | {"form": form, "product": self.product}
        return self.render_to_response(context)


class ReviewUpdate(PersonalView, LoginRequiredMixin, UpdateView):
    form_class = ReviewForm
    template_name = "reviews/review_update.html"
    context_object_name = "review"

    def get_queryset(self):
        return self.request.user.reviews.select_related("product__seller").prefetch_related("photos")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | sender(self.request)

    def form_valid(self, form):
        with full_disk_told(form):
            return answered(self.request, form.save())
        return self.form_invalid(form)


class ReviewDelete(PersonalView, LoginRequiredMixin, DetailView):
    """Ask for confirmation, and delete the visitor's review."""

    template_name = "reviews/review_delete.html"
    context_object_name = "review"

    def get_queryset(self):
        return self.request.user.reviews.select_related("product__seller")

    def post(self, request, *args, **kwargs):
        review = self.get_object()
        product = review.product
        review.remove(actor=request.user.signature)
        return shown_again(request, product, "Your review is deleted.")


class MyReviews(PersonalView, LoginRequiredMixin, ListView):
    """All reviews that the visitor has written."""

    template_name = fragment_name = "reviews/my_reviews.html"
    paginate_by = 20
    context_object_name = "reviews"

    def get_queryset(self):
        own = self.request.user.reviews.select_related("product__seller").prefetch_related("product__photos")
        return own.order_by("-created_at", "-pk")


class MyVotes(DetailView):
    """The visitor's votes on the reviews of a page, swapped into their places."""

    queryset = Product.objects.public()
    template_name = "reviews/_votes.html"

    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return HttpResponse(status=204)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        shown = [read_id(pk) for pk in self.request.GET.get("shown", "").split(",")]
        published = self.object.reviews.published().filter(pk__in=shown[:SHOWN_AT_MOST])
        reviews = open_to_votes(self.request.user).filter(pk__in=published)
        votes = {vote.review_id: vote for vote in self.request.user.review_votes.filter(review__in=reviews)}
        return super().get_context_data(
            pairs=[(review, votes.get(review.pk)) for review in reviews],
            not_open=published.exclude(pk__in=reviews),
            **kwargs,
        )


class ReviewVote(PersonalView, LoginRequiredMixin, FormView):
    """Vote whether a review was helpful, or withdraw the vote."""

    form_class = VoteForm
    template_name = "reviews/review_vote.html"

    def get_context_data(self, **kwargs):
        review = self.get_review()
        vote = review.votes.filter(voter=self.request.user).first()
        return super().get_context_data(review=review, vote=vote, **kwargs)

    def get_review(self):
        return get_object_or_404(open_to_votes(self.request.user), pk=self.kwargs["pk"])

    def form_valid(self, form):
        review = self.get_review()
        if not is_within_limit(f"vote:{self.request.user.pk}", VOTES_A_MINUTE, MINUTE):
            form.add_error(None, "That was quick. Please wait a minute.")
            return self.form_invalid(form)
        Vote.cast(review, self.request.user, form.cleaned_data["choice"])
        if self.request.htmx:
            return self.render_to_response(self.get_context_data(form=form))
        return redirect(review)


class ReviewReport(PersonalView, CreateView):
    """Report a review to staff; no account needed."""

    form_class = ReportForm
    template_name = "reviews/review_report.html"

    @cached_property
    def review(self):
        reviews = Review.objects.published().select_related("product__seller")
        return get_object_or_404(reviews, pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        reporter = self.request.user if self.request.user.is_authenticated else None
        report = Report(review=self.review, reporter=reporter)
        return super().get_form_kwargs() | {"instance": report, "network": network_of(self.request)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(review=self.review, **kwargs)

    def form_valid(self, form):
        form.save()
        if self.request.htmx:
            return render(self.request, "reviews/_review_reported.html")
        return redirect("review_reported", pk=self.review.pk)


class ReviewReported(PersonalView, DetailView):
    queryset = Review.objects.published().select_related("product")
    template_name = "reviews/review_reported.html"
    context_object_name = "review"


def own_context(request, product):
    """Return the context of the visitor's own part of a product's reviews."""
    user = request.user
    if not user.is_authenticated:
        return {"sign_in": resolve_url(settings.LOGIN_URL)}
    review = product.reviews.filter(author=user).prefetch_related("photos").first()
    form = ReviewForm(instance=Review(product=product), **sender(request))
    return {"review": review, "is_seller": product.seller.user_id == user.pk, "form": form}


def answered(request, review):
    return shown_again(request, review.product, THANKS.get(review.state, "Thank you."))


def shown_again(request, product, message):
    """Answer a write with the updated own part, and a message."""
    if not request.htmx:
        messages.success(request, message)
        return redirect("my_review", slug=product.slug)
    context = {"product": product, "message": message} | own_context(request, product)
    response = render(request, "reviews/_my_review.html", context)
    # Makes the list beside it reload itself.
    response.headers["HX-Trigger-After-Settle"] = "reviews-changed"
    return response


def open_to_votes(user):
    """Return the reviews that a user may vote on: not their own, and not those of their products."""
    published = Review.objects.published().select_related("product__seller")
    return published.exclude(author=user).exclude(product__seller__user=user)


def sender(request):
    return {"author": request.user, "network": network_of(request)}
