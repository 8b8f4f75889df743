from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from shop.caching.versions import SITE, read_versions
from shop.htmx import HtmxTemplateMixin

from ..desk import Desk
from ..models import Edit
from ..preview import PREVIEW_TEMPLATES, Preview
from .access import SellersOnly


class ProductPreview(HtmxTemplateMixin, SellersOnly, TemplateView):
    """The product's page as it would be with all that was typed; for its seller alone, stored by nobody."""

    template_name, fragment_name = PREVIEW_TEMPLATES

    def get_context_data(self, **kwargs):
        # For the menu, so that the page has all that the public one has.
        versions = read_versions([SITE])
        desk = self.open_desk()
        form = desk.form(desk.opened()[0])
        preview = Preview(form, self.request.path)
        context = preview.context(self.request.GET.get("variant"))
        back = desk.draft or desk.sent or Edit(product=desk.product)
        return super().get_context_data(
            versions=versions, form=form, back=back.get_absolute_url(), **context, **kwargs
        )

    def open_desk(self):
        return Desk(self.seller, get_object_or_404(self.seller.products.for_page(), pk=self.kwargs["pk"]))


class DraftPreview(ProductPreview):
    def open_desk(self):
        draft = get_object_or_404(self.seller.edits.drafts().new(), pk=self.kwargs["pk"])
        return Desk(self.seller, draft=draft)
