from django.conf import settings
from django.views.generic import TemplateView

from shop.caching.pages import CachedPage, PageRequest
from shop.fields.folding import fold
from shop.htmx import HtmxTemplateMixin
from shop.invalidation import card_versions

from ..suggestions import Suggestions

LONGEST = 40
# Of so few letters, of those on every keyboard, there is a bounded number of beginnings.
SHORT = 2


def beginning(text):
    """Read what has been typed so far, folded."""
    folded = fold(text)
    return folded if 2 <= len(folded) <= LONGEST else ""


class SuggestionRequest(PageRequest):
    suggestions: Suggestions


class SuggestionList(HtmxTemplateMixin, CachedPage, TemplateView):
    """What a search might be about, cached by what has been typed so far."""

    request: SuggestionRequest
    template_name = "browse/suggestion_list.html"
    cache_timeout = settings.CACHE_LIST_TTL
    query_parameters = {"q": beginning}

    def cache_tags(self):
        return ["products", "products.words"]

    @property
    def suggestions(self):
        if not hasattr(self.request, "suggestions"):
            self.request.suggestions = Suggestions(self.request.GET.get("q", ""))
        return self.request.suggestions

    def is_unbounded(self):
        text = self.request.GET.get("q", "")
        return len(text) > SHORT or not text.isascii()

    def find_versions(self):
        return card_versions(self.suggestions.card_rows())

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            q=self.suggestions.text,
            products=self.suggestions.products(),
            categories=self.suggestions.categories(),
            brands=self.suggestions.brands(),
            **kwargs,
        )
