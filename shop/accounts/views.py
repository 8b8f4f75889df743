from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, UpdateView

from shop.htmx import HtmxTemplateMixin

from .forms import ProfileForm


@method_decorator(never_cache, name="dispatch")
class AccountMenu(HtmxTemplateMixin, TemplateView):
    """The account menu in the header; a page of its own without htmx."""

    template_name = "accounts/account_menu.html"

    def get(self, request, *args, **kwargs):
        if request.user.is_anonymous and not request.htmx:
            return redirect_to_login(self.came_from(), reverse("account_login"))
        return super().get(request, *args, **kwargs)

    def came_from(self):
        """Return the path of the page that linked here, on this host."""
        page = urlsplit(self.request.headers.get("Referer", ""))
        if page.netloc != self.request.get_host() or page.path.startswith("/accounts/"):
            return reverse("profile")
        return f"{page.path}?{page.query}" if page.query else page.path


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
