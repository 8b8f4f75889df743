from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView, View

from shop.caching.versions import SITE, read_versions
from shop.fields.markdown import render_markdown
from shop.htmx import HtmxTemplateMixin

from ..editor import ProductEditor
from ..models import Edit
from ..preview import PREVIEW_TEMPLATES, Preview
from .access import SellersOnly


class ProductPreview(HtmxTemplateMixin, SellersOnly, TemplateView):
    """The product's page with the draft's data; for its seller only, never cached."""

    template_name, fragment_name = PREVIEW_TEMPLATES

    def get_context_data(self, **kwargs):
        # The menu of the public page is cached under them.
        versions = read_versions([SITE])
        editor = self.find_editor()
        editor.open()
        form = editor.form()
        preview = Preview(form, self.request.path)
        context = preview.context(self.request.GET.get("variant"))
        back = editor.draft or editor.sent or Edit(product=editor.product)
        return super().get_context_data(
            versions=versions, form=form, back=back.get_absolute_url(), **context, **kwargs
        )

    def find_editor(self):
        products = self.seller.products.for_page()
        return ProductEditor(self.seller, get_object_or_404(products, pk=self.kwargs["pk"]))


class DraftPreview(ProductPreview):
    def find_editor(self):
        draft = get_object_or_404(self.seller.edits.drafts().new(), pk=self.kwargs["pk"])
        return ProductEditor(self.seller, draft=draft)


class MarkdownPreview(SellersOnly, View):
    """Render a description as its page will."""

    http_method_names = ["post"]

    def post(self, request):
        return HttpResponse(render_markdown(request.POST.get("description", "")))
