from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


@method_decorator(never_cache, name="dispatch")
class SellersOnly(LoginRequiredMixin):
    """A page for sellers, who see only their own data: self.seller."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            # A sign-in page does not fit inside another page.
            return HttpResponse(status=401) if request.htmx else self.handle_no_permission()
        self.seller = getattr(request.user, "seller", None)
        if self.seller is None:
            return self.turn_away()
        return super().dispatch(request, *args, **kwargs)

    def turn_away(self):
        raise Http404("Only sellers have this page.")

    @property
    def actor(self):
        """Who is named in the history of what is written."""
        return f"{self.seller} in the seller's area"
