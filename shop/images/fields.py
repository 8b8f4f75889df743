from django import forms

from .allowance import check_allowance
from .outside import MAX_BYTES, refusal
from .sandbox import plain_logo, plain_picture

ACCEPTED = "image/jpeg,image/png,image/webp,image/avif"
CHOOSE_AGAIN = "Please choose the photos again; the rest is kept."


class PictureFileField(forms.FileField):
    """One picture, cleaned into a JPEG of our own making.

    is_opened_later: it gives the file as it was sent, for open_pictures() to open.
    """

    made = staticmethod(plain_picture)

    def __init__(self, *args, is_opened_later=False, **kwargs):
        super().__init__(*args, **{"allow_empty_file": True} | kwargs)
        self.is_opened_later = is_opened_later

    def to_python(self, data):
        file = super().to_python(data)
        if file and file.size > MAX_BYTES:
            raise refusal("TOO_LARGE")
        return self.made(file) if file and not self.is_opened_later else file

    def opened(self, file, who, most):
        check_allowance(who, most)
        return self.made(file)

    def widget_attrs(self, widget):
        return {"accept": ACCEPTED}


class LogoField(PictureFileField):
    """A picture as a small WebP, which may be transparent."""

    made = staticmethod(plain_logo)


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Any number of pictures up to a limit, for open_pictures() to open."""

    widget = ManyFiles(attrs={"accept": ACCEPTED})
    is_opened_later = True

    def __init__(self, *args, most, **kwargs):
        super().__init__(*args, required=False, allow_empty_file=True, **kwargs)
        self.most = most

    def has_changed(self, initial, data):
        return bool(data)

    def clean(self, data, initial=None):
        files = data if isinstance(data, list) else [data] if data else []
        if len(files) > self.most:
            raise forms.ValidationError(f"Choose at most {self.most} photos.")
        return [super(PicturesField, self).clean(file) for file in files]

    def opened(self, files, who, most):
        pictures, errors = [], []
        for file in files:
            try:
                check_allowance(who, most)
                pictures.append(plain_picture(file))
            except forms.ValidationError as error:
                errors += [f"{file.name}: {message}" for message in error.messages]
        if errors:
            raise forms.ValidationError([*errors, CHOOSE_AGAIN])
        return pictures


def open_pictures(form, who, most):
    """Open the pictures sent with a form, if all else in it is valid; call it at the end of clean().

    who: as whom they are counted; most: how many may be opened for them in an hour. Whoever calls
    this has asked who they are, and whether they may send the form at all.
    """
    for name, field in form.fields.items():
        is_new = getattr(field, "is_opened_later", False) and form.add_prefix(name) in form.files
        files = is_new and form.cleaned_data.get(name)
        if not files:
            continue
        if form.errors:
            form.add_error(name, CHOOSE_AGAIN)
            continue
        try:
            form.cleaned_data[name] = field.opened(files, who, most)
        except forms.ValidationError as error:
            form.add_error(name, error)
