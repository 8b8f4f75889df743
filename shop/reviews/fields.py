from django import forms

from shop.catalogue.picture_files import plain_picture


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Any number of pictures up to a limit; what it gives is a list of JPEGs of our own making."""

    widget = ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"})

    def __init__(self, *args, most, **kwargs):
        super().__init__(*args, required=False, allow_empty_file=True, **kwargs)
        self.most = most

    def has_changed(self, initial, data):
        return bool(data)

    def clean(self, data, initial=None):
        files = data if isinstance(data, list) else [data] if data else []
        if len(files) > self.most:
            raise forms.ValidationError(f"Choose at most {self.most} photos.")
        pictures, errors = [], []
        for file in files:
            try:
                pictures.append(plain_picture(super().clean(file)))
            except forms.ValidationError as error:
                errors += [f"{file.name}: {message}" for message in error.messages]
        if errors:
            raise forms.ValidationError([*errors, "Please choose the photos again; the text below is kept."])
        return pictures
