from urllib.parse import urlsplit

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView, UpdateView, View

from .export import data_of
from .forms import CloseAccountForm, ProfileForm


@method_decorator(never_cache, name="dispatch")
class AccountMenu(TemplateView):
    """The island in the header; without htmx a page, to which the header's plain link leads."""

    def get(self, request, *args, **kwargs):
        if request.user.is_anonymous and not request.htmx:
            return redirect_to_login(self.came_from(), reverse("account_login"))
        return super().get(request, *args, **kwargs)

    def came_from(self):
        """Return the address, on this host, of the page that linked here."""
        page = urlsplit(self.request.headers.get("Referer", ""))
        if page.netloc != self.request.get_host() or page.path.startswith("/accounts/"):
            return reverse("profile")
        return f"{page.path}?{page.query}" if page.query else page.path

    def get_template_names(self):
        return ["accounts/_account_menu.html" if self.request.htmx else "accounts/account_menu.html"]


@method_decorator(never_cache, name="dispatch")
class Profile(LoginRequiredMixin, UpdateView):
    form_class = ProfileForm
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("profile")

    def get_object(self, queryset=None):
        return self.request.user

    def form_valid(self, form):
        messages.success(self.request, "Your name is saved.")
        return super().form_valid(form)


@method_decorator([never_cache, reauthentication_required], name="dispatch")
class DataExport(LoginRequiredMixin, View):
    def get(self, request):
        name = f"ingle-{timezone.localdate()}.json"
        return JsonResponse(
            data_of(request.user),
            json_dumps_params={"indent": 2, "ensure_ascii": False},
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


@method_decorator([never_cache, reauthentication_required], name="dispatch")
class CloseAccount(LoginRequiredMixin, FormView):
    form_class = CloseAccountForm
    template_name = "accounts/close_account.html"
    success_url = reverse_lazy("account_closed")

    def get_context_data(self, **kwargs):
        seller = getattr(self.request.user, "seller", None)
        listed = seller.products.listed().count() if seller else 0
        return super().get_context_data(seller=seller, listed=listed, **kwargs)

    def form_valid(self, form):
        user = self.request.user
        logout(self.request)
        user.close()
        return super().form_valid(form)
