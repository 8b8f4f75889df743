from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST

from shop.caching.admin import signature
from shop.catalogue.models import Product

from .forms import StaffImportForm
from .importer import ProductImport
from .models import Import
from .report import ImportRefusedError
from .views import MOST_MESSAGES, table_response

STEP_SECONDS = 20
WRITES = ("catalogue.add_product", "catalogue.change_product")


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin):
    """Imports of staff and sellers: what they did, or would do. Products are exported from their own list."""

    form = StaffImportForm
    list_display = ["name", "seller", "user", "created_at", "rows", "rows_done", "summary"]
    list_select_related = ["seller", "user"]
    search_fields = ["name", "seller__name"]
    autocomplete_fields = ["seller"]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and request.user.has_perms(WRITES)

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.user = request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:import_export_import_change", obj.pk)

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/change/", view(self.preview), name="import_export_import_change"),
            path("<int:pk>/step/", require_POST(view(self.step)), name="import_export_import_step"),
            path("export/", view(self.export), name="import_export_export"),
        ]
        return own + super().get_urls()

    def preview(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        upload = get_object_or_404(Import, pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": upload.name,
            "upload": upload,
        }
        if self.is_own(request, upload) and not upload.is_begun:
            context["preview"] = upload.previewed(STEP_SECONDS)
        return TemplateResponse(request, "admin/import_export/import/preview.html", context)

    def step(self, request, pk):
        upload = get_object_or_404(Import, pk=pk)
        if not self.is_own(request, upload):
            raise PermissionDenied
        try:
            upload.step(STEP_SECONDS, partial(ProductImport, actor=signature(request)))
        except ImportRefusedError as error:
            for problem in error.problems[:MOST_MESSAGES]:
                self.message_user(request, problem, messages.ERROR)
        return redirect("admin:import_export_import_change", pk)

    def is_own(self, request, upload):
        # What a seller imports is written as a seller's, with approval.
        return self.has_add_permission(request) and upload.user_id == request.user.pk

    def export(self, request):
        """Send the products of the admin's list, as it is filtered, as a table."""
        products = self.admin_site.get_model_admin(Product)
        if not products.has_view_permission(request):
            raise PermissionDenied
        try:
            listed = products.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:catalogue_product_changelist")
        return table_response(listed.order_by(), "products")
