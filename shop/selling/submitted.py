import json
from contextlib import suppress

from shop.fields.ids import read_id
from shop.fields.texts import clean_line
from shop.images.full_disk import full_disk_told

from .form_data import parse_form_data, submitted_form_data
from .forms.pictures import UploadForm


class SubmittedProductForm:
    """A submitted product form; its pictures are stored before anything is checked."""

    is_resubmitted = False

    def __init__(self, request, seller):
        post = request.POST
        self.data = submitted_form_data(post)
        self.base = parse_form_data(_json(post.get("base", "")))
        self.form_key = clean_line(post.get("form_key", ""))[:40]
        self.draft, self.product, self.revision = (_number(post, n) for n in ("draft", "product", "revision"))
        self.is_for_sale = "for_sale" in post
        self.complaints = []
        for file in request.FILES.getlist("pictures"):
            self._take(UploadForm(seller, file))

    def everything(self):
        """Return all that makes two submissions the same."""
        return self.data | {"is_for_sale": self.is_for_sale}

    def continue_from(self, processed):
        """Turn the form of a new product into the form of the product that it created."""
        self.is_resubmitted = self.everything() == processed.submitted
        self.data, self.base = processed.translated(self.data), processed.saved

    def _take(self, form):
        if form.is_valid():
            with full_disk_told(form):
                self.data["photos"].append({"key": form.save().key, "alt": ""})
        if form.errors:
            self.complaints.append((form.label, form.complaint))


def _number(post, name):
    return read_id(post.get(name, "")) or 0


def _json(text):
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    return None
