"""Import and export in the seller's area."""

import tempfile
from functools import partial

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.http import content_disposition_header
from django.views.generic import CreateView, DeleteView, DetailView, View
from django_htmx.http import HttpResponseClientRedirect

from shop.images.full_disk import full_disk_told
from shop.selling.views.access import SellersOnly

from .approval import SellerImport
from .archives import export_photos
from .columns import COLUMNS
from .forms import ImportForm
from .models import Import
from .report import ImportRefusedError
from .tables import export_lines

STEP_SECONDS = 2
# Rows that are compared before the page is sent; with more, the page comes first.
MOST_AT_ONCE = 1000
MOST_MESSAGES = 5


class ImportCreate(SellersOnly, CreateView):
    """Take the files of an import; the page after it shows what they would change."""

    form_class = ImportForm
    template_name = "import_export/import_form.html"
    extra_context = {"here": "own_products", "columns": COLUMNS}

    def get_form_kwargs(self):
        mine = Import(user=self.request.user, seller=self.seller)
        return super().get_form_kwargs() | {"instance": mine}

    def form_valid(self, form):
        with full_disk_told(form):
            answer = super().form_valid(form)
            # What was previewed and not wanted.
            unwanted = Import.objects.filter(user=self.request.user, seller=self.seller, rows_done=0)
            unwanted.exclude(pk=self.object.pk).delete()
            return answer
        return self.form_invalid(form)

    def get_success_url(self):
        return reverse("import_detail", args=[self.object.pk])


class OwnImport(SellersOnly):
    def get_queryset(self):
        return self.seller.imports.filter(user=self.request.user)

    @property
    def importer(self):
        return partial(SellerImport, actor=self.actor)


class ImportDetail(OwnImport, DetailView):
    """What an import would change, how far it is, or what it did."""

    template_name = "import_export/import_detail.html"
    context_object_name = "upload"
    extra_context = {"here": "own_products"}

    def get_context_data(self, **kwargs):
        upload = self.object
        if upload.is_begun:
            return super().get_context_data(**kwargs)
        if self.request.GET.get("preview") == "again":
            upload.forget_preview()
        is_patient = upload.rows <= MOST_AT_ONCE or upload.preview or "preview" in self.request.GET
        preview = upload.previewed(STEP_SECONDS, self.importer) if is_patient else None
        is_previewing = not preview or not preview.is_finished
        return super().get_context_data(preview=preview, is_previewing=is_previewing, **kwargs)


class ImportStep(OwnImport, DetailView):
    """Write as much as can be written in a moment, and say how far it is."""

    http_method_names = ["post"]
    template_name = "import_export/_import_progress.html"
    context_object_name = "upload"

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        try:
            self.object.step(STEP_SECONDS, self.importer)
        except ImportRefusedError as error:
            for problem in error.problems[:MOST_MESSAGES]:
                messages.error(request, problem)
            return self.go_back()
        return self.render_to_response(self.get_context_data()) if request.htmx else self.go_back()

    def go_back(self):
        url = reverse("import_detail", args=[self.object.pk])
        return HttpResponseClientRedirect(url) if self.request.htmx else redirect(url)


class ImportDelete(OwnImport, DeleteView):
    http_method_names = ["post"]
    success_url = reverse_lazy("import_create")


class ExportProducts(SellersOnly, View):
    """Send the seller's products as a table."""

    def get(self, request):
        return table_response(self.seller.products.all(), self.seller.slug)


class ExportPhotos(SellersOnly, View):
    """Send the photos of the seller's products as a ZIP file."""

    def get(self, request):
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        export_photos(self.seller.products.all(), file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{self.seller.slug}-photos.zip")


def table_response(products, name):
    response = StreamingHttpResponse(export_lines(products), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
    return response
