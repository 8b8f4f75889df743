from django.http import HttpResponse
from django.views.generic import FormView

from shop.images.full_disk import full_disk_told

from ..forms.pictures import UploadForm
from ..forms.product_rows import PhotoRow
from .access import SellersOnly


class UploadCreate(SellersOnly, FormView):
    """Take one picture, and answer with its row in the product form."""

    http_method_names = ["post"]
    template_name = "selling/_photo.html"

    def get_form(self, form_class=None):
        return UploadForm(self.seller, self.request.FILES.get("pictures"))

    def form_valid(self, form):
        with full_disk_told(form):
            upload = form.save()
            row = PhotoRow({"key": upload.key, "alt": ""}, is_checked=False, picture=upload)
            return self.render_to_response({"row": row}, status=201)
        return self.form_invalid(form)

    def form_invalid(self, form):
        status = 503 if form.is_busy else 422
        return HttpResponse(form.complaint, content_type="text/plain", status=status)
