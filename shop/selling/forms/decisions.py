from django import forms

from shop.catalogue.models import Product

from ..content import typed_content
from ..models import Edit
from .product import ProductForm

CORRECTABLE = ("title", "category", "brand", "description", "care")
CHANGED = "The seller has changed this in the meantime. Look at it again."


class ApprovalForm(ProductForm):
    """What a seller has sent on top of what the product is by now, with the corrections of staff."""

    def __init__(self, edit, post=None):
        self.edit, self.post = edit, post
        content = edit.content_now()
        if post is not None:
            content |= corrected(content, typed_content(post), post)
        super().__init__(content, edit.seller, edit.product)

    def clean(self):
        super().clean()
        check_revision(self, self.edit, self.post)

    def corrections(self):
        return [self[name] for name in CORRECTABLE]

    def save(self):
        """Write it to the product, which is listed if it was new, and take it off the queue."""
        product = super().save(Product.Status.LISTED if self.instance.is_draft else None)
        self.edit.delete()
        return product


def corrected(content, typed, post):
    """Return what staff put right of a content: texts, what photos show, and details."""
    alts = {row["key"]: row["alt"] for row in typed["photos"]}
    photos = [row | {"alt": alts.get(row["key"], row["alt"])} for row in content["photos"]]
    details = {"specifications": typed["specifications"]} if "specifications-name" in post else {}
    return {name: typed[name] for name in CORRECTABLE if name in post} | {"photos": photos} | details


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
        check_revision(self, self.instance, self.data)
        return super().clean()

    def save(self, commit=True):
        self.instance.state = Edit.State.REJECTED
        return super().save(commit)


def check_revision(form, edit, post):
    """Refuse a decision on something else than what was on the screen."""
    if post is not None and post.get("revision") != str(edit.revision):
        form.add_error(None, CHANGED)
