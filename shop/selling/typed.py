import json
from contextlib import suppress

from shop.fields.ids import read_id
from shop.images.full_disk import full_disk_told

from .content import shaped, typed_content
from .forms.uploads import UploadForm


class Typed:
    """What a browser sent of the product form; pictures among it are stored before anything is checked."""

    def __init__(self, request, seller):
        post = request.POST
        self.content = typed_content(post)
        self.base = shaped(_json(post.get("base", "")))
        # A blank form starts with a random key of its first variant, which makes it one of its kind.
        self.form_key = self.base["default"][:40]
        self.draft, self.product, self.revision = (_number(post, n) for n in ("draft", "product", "revision"))
        self.is_for_sale = "for_sale" in post
        self.complaints = []
        for file in request.FILES.getlist("pictures"):
            self._take(UploadForm(seller, file))

    def sent(self):
        """Return all that tells whether a form is sent again as it was, or with something else in it."""
        return self.content | {"is_for_sale": self.is_for_sale}

    def _take(self, form):
        if form.is_valid():
            with full_disk_told(form):
                self.content["photos"].append({"key": form.save().key, "alt": ""})
        if form.errors:
            self.complaints.append((form.label, form.complaint))


def _number(post, name):
    return read_id(post.get(name, "")) or 0


def _json(text):
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    return None
