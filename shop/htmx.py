"""One URL, two renderings: a page, and the fragment of it that htmx asks for."""


def wants_fragment(request):
    """Return whether htmx asks for a part of a page; on Back, or for a boosted link, it shows all of it."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def template_for(request, page, fragment=None):
    """Return the template of a page or, for htmx, of its fragment: if not given, `_name.html` beside it."""
    if not wants_fragment(request):
        return page
    folder, _, name = page.rpartition("/")
    return fragment or f"{folder}/_{name}"


class HtmxTemplateMixin:
    """Render template_name or, for htmx, its fragment."""

    fragment_name: str | None = None

    def get_template_names(self):
        return [template_for(self.request, self.template_name, self.fragment_name)]
