from django import forms

from ..models import Upload

# As many as several products need; what is not used is swept away after some days.
MOST_AT_ONCE = 120


class UploadForm(forms.ModelForm):
    """One picture that a seller sends."""

    class Meta:
        model = Upload
        fields = ["file"]
        error_messages = {"file": {"required": "Choose a picture."}}

    def __init__(self, seller, file):
        super().__init__(data={}, files={"file": file} if file else {}, instance=Upload(seller=seller))
        self.label = file.name if file else ""

    def clean(self):
        if self.instance.seller.uploads.filter(edits=None).count() >= MOST_AT_ONCE:
            raise forms.ValidationError(
                "Many of your pictures are unused. Save a product before adding more."
            )

    @property
    def complaint(self):
        """Why the picture was not taken, in one line."""
        return " ".join(error for errors in self.errors.values() for error in errors)
