from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import JsonResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View

from .closing import close_account
from .export import data_of
from .forms import AccountCloseForm


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
class AccountClose(LoginRequiredMixin, FormView):
    form_class = AccountCloseForm
    template_name = "privacy/account_close.html"
    success_url = reverse_lazy("account_closed")

    def get_context_data(self, **kwargs):
        seller = getattr(self.request.user, "seller", None)
        listed = seller.products.listed().count() if seller else 0
        return super().get_context_data(seller=seller, listed=listed, **kwargs)

    def form_valid(self, form):
        user = self.request.user
        logout(self.request)
        close_account(user)
        return super().form_valid(form)
