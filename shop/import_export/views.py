"""Import and export in the seller's area."""

import tempfile

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.http import content_disposition_header
from django.views.generic import CreateView, DeleteView, DetailView, View
from django_htmx.http import HttpResponseClientRedirect

from shop.images.full_disk import full_disk_told
from shop.selling.views.access import SellersOnly

from .approval import problems_for_seller, write_for_seller
from .exporter import export_lines, export_photos
from .forms import ImportForm
from .models import Import
from .problems import BadFileError
from .words import COLUMNS

STEP_SECONDS = 2
# Rows that are looked through before the page is sent; with more, the page comes first.
MOST_AT_ONCE = 1000
MOST_TOLD = 5


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
            # What was looked at and not wanted.
            unwanted = Import.objects.filter(user=self.request.user, seller=self.seller, rows_done=0)
            unwanted.exclude(pk=self.object.pk).delete()
            return answer
        return self.form_invalid(form)

    def get_success_url(self):
        return reverse("import_detail", args=[self.object.pk])


class OwnImport(SellersOnly):
    def get_queryset(self):
        return self.seller.imports.filter(user=self.request.user)

    def manner(self):
        """How the products of this seller are imported: staff have their say."""
        return {"who": self.who, "write": write_for_seller, "check": problems_for_seller}


class ImportDetail(OwnImport, DetailView):
    """What an import would change, how far it is, or what it did."""

    template_name = "import_export/import_detail.html"
    context_object_name = "upload"
    extra_context = {"here": "own_products"}

    def get_context_data(self, **kwargs):
        upload = self.object
        if upload.is_begun:
            return super().get_context_data(**kwargs)
        if self.request.GET.get("look") == "again":
            upload.look_again()
        is_patient = upload.rows <= MOST_AT_ONCE or upload.look or "look" in self.request.GET
        look = upload.looked(STEP_SECONDS, **self.manner()) if is_patient else None
        is_left = not look or not look.is_finished
        return super().get_context_data(look=look, is_to_be_looked_at=is_left, **kwargs)


class ImportStep(OwnImport, DetailView):
    """Write as much as can be written in a moment, and say how far it is."""

    http_method_names = ["post"]
    template_name = "import_export/_import_progress.html"
    context_object_name = "upload"

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        try:
            self.object.step(STEP_SECONDS, **self.manner())
        except BadFileError as error:
            for problem in error.problems[:MOST_TOLD]:
                messages.error(request, problem)
            return self.go_back()
        return self.render_to_response(self.get_context_data()) if request.htmx else self.go_back()

    def go_back(self):
        address = reverse("import_detail", args=[self.object.pk])
        return HttpResponseClientRedirect(address) if self.request.htmx else redirect(address)


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
