"""From a member to a seller: the application, and what became of it."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, UpdateView

from shop.accounts.models import User
from shop.caching.versions import clearing
from shop.images.full_disk import full_disk_told

from .forms import ApplicationForm, ContactForm
from .models import Seller, SellerApplication


@method_decorator(never_cache, name="dispatch")
class ApplicationSend(LoginRequiredMixin, UpdateView):
    """Send an application, change a waiting one, or resend a rejected one."""

    form_class = ApplicationForm
    template_name = "sellers/apply.html"
    success_url = reverse_lazy("application")

    def get(self, request, *args, **kwargs):
        return redirect("application") if hasattr(request.user, "seller") else super().get(request)

    def post(self, request, *args, **kwargs):
        return redirect("application") if hasattr(request.user, "seller") else super().post(request)

    def get_object(self, queryset=None):
        sent = SellerApplication.objects.filter(user=self.request.user).first()
        return sent or SellerApplication(user=self.request.user)

    def form_valid(self, form):
        # Its logo is opened by now: nobody waits for that. Two tabs send one application, and what
        # staff read is what they decide on.
        with full_disk_told(form), transaction.atomic():
            user = User.objects.select_for_update().get(pk=self.request.user.pk)
            sent = SellerApplication.objects.select_for_update().filter(user=user).first()
            if hasattr(user, "seller"):
                return redirect("application")
            if sent:
                form.instance.pk, form.instance._state.adding = sent.pk, False
            return super().form_valid(form)
        return self.form_invalid(form)


@method_decorator(never_cache, name="dispatch")
class SellerContactUpdate(LoginRequiredMixin, UpdateView):
    """Change the public email of a shop."""

    form_class = ContactForm
    template_name = "sellers/seller_contact.html"
    success_url = reverse_lazy("seller_contact")

    def post(self, request, *args, **kwargs):
        with clearing(actor=request.user.signature, exclusive=True):
            return super().post(request, *args, **kwargs)

    def get_object(self, queryset=None):
        sellers = Seller.objects.select_for_update() if self.request.method == "POST" else Seller.objects
        return get_object_or_404(sellers, user=self.request.user)

    def form_valid(self, form):
        messages.success(self.request, "Your public email is saved.")
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class ApplicationDetail(LoginRequiredMixin, DetailView):
    template_name = "sellers/application.html"

    def get_object(self, queryset=None):
        application = SellerApplication.objects.filter(user=self.request.user).first()
        if application is None and not hasattr(self.request.user, "seller"):
            raise Http404("There is no application.")
        return application
