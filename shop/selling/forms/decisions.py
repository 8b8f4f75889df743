import json

from django import forms

from shop.catalogue.models import Product
from shop.staff.decisions import CHANGED, digest

from ..form_data import FIELDS, form_data_of, parse_form_data, submitted_form_data
from ..merging import merged
from ..models import Edit
from .product import ProductForm


class ApprovalForm(ProductForm):
    """A seller's changes on top of the current product, with the corrections of staff."""

    # The slug that the seller saw, or imports again.
    names_page = False

    def __init__(self, edit, post=None):
        self.edit, self.post = edit, post
        data = edit.form_data_now()
        self.shown, self.offered = digest(facts_of(edit, data)), json.dumps(data)
        if post is not None:
            # Keep the corrections of staff if the rest has changed since.
            offered = offered_by(post) or data
            data = merged(offered, data, corrected(offered, submitted_form_data(post), post))
        super().__init__(data, edit.seller, edit.product)

    def clean(self):
        super().clean()
        if self.post is not None and self.post.get("shown") != self.shown:
            self.add_error(None, CHANGED)

    def corrections(self):
        return [self[name] for name in FIELDS]

    def save(self):
        """Write it to the product, which is listed if it was new, and take it off the queue."""
        product = super().save(Product.Status.LISTED if self.instance.is_draft else None)
        self.edit.delete()
        return product


def corrected(data, typed, post):
    """Return form data with the corrections of staff: texts, alternative texts of photos, and details."""
    alts = {row["key"]: row["alt"] for row in typed["photos"]}
    photos = [row | {"alt": alts.get(row["key"], row["alt"])} for row in data["photos"]]
    details = {"specifications": typed["specifications"]} if "specifications-name" in post else {}
    texts = {name: typed[name] for name in FIELDS if name in post}
    return data | texts | {"photos": photos} | details


def offered_by(post):
    """Return the form data that staff were shown, if the form says so."""
    try:
        return parse_form_data(json.loads(post["offered"]))
    except (KeyError, ValueError):
        return None


def facts_of(edit, data):
    """Return all that staff are shown of an edit. The stock of a listed product may sell meanwhile."""
    product = edit.product
    live = form_data_of(product)
    if not product.is_draft:
        data, live = (without_stock(data) for data in (data, live))
    pictures = [*product.photos.all(), *edit.uploads.order_by("pk")]
    digests = [picture.digest for picture in pictures]
    return [edit.state, edit.reason, product.status, data, live, digests]


def without_stock(data):
    return data | {"variants": [row | {"stock": ""} for row in data["variants"]]}


class RejectionForm(forms.ModelForm):
    class Meta:
        model = Edit
        fields = ["reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"reason": {"required": "Tell the seller what to put right."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True

    def clean(self):
        if self.data.get("shown") != digest(facts_of(self.instance, self.instance.form_data_now())):
            self.add_error(None, CHANGED)
        return super().clean()

    def save(self, commit=True):
        self.instance.state = Edit.State.REJECTED
        return super().save(commit)
