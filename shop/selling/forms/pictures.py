from django import forms

from shop.images.allowance import OF_SELLER
from shop.images.fields import PictureFileField, open_pictures

from ..models import Upload

# Enough for several products; unused ones are deleted after two days.
MOST_AT_ONCE = 120


class UploadForm(forms.ModelForm):
    """One picture that a seller uploads."""

    file = PictureFileField(is_opened_later=True, error_messages={"required": "Choose a picture."})

    class Meta:
        model = Upload
        fields = ["file"]

    def __init__(self, seller, file):
        super().__init__(data={}, files={"file": file} if file else {}, instance=Upload(seller=seller))
        self.label = file.name if file else ""

    def clean(self):
        if self.instance.seller.uploads.filter(edits=None).count() >= MOST_AT_ONCE:
            self.add_error("file", "Many of your pictures are unused. Save a product before adding more.")
        open_pictures(self, f"seller:{self.instance.seller_id}", OF_SELLER)

    @property
    def is_busy(self):
        """Whether the picture was not opened for lack of time, so that it may be sent again."""
        return self.has_error("file", "busy")

    @property
    def complaint(self):
        """Why the picture was refused, in one line."""
        return " ".join(error for errors in self.errors.values() for error in errors)
