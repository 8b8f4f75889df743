"""allauth's forms in which a password is chosen: what is asked of it is said, and labels are sentences."""

from allauth.account import forms

WHAT_IS_ASKED = (
    "At least 12 characters: not your name or address, not digits alone, nothing that many people use."
)


class SaysWhatIsAsked:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = WHAT_IS_ASKED
        for field in self.fields.values():
            field.label = field.label.capitalize()


class SignupForm(SaysWhatIsAsked, forms.SignupForm):
    pass


class ChangePasswordForm(SaysWhatIsAsked, forms.ChangePasswordForm):
    pass


class ResetPasswordKeyForm(SaysWhatIsAsked, forms.ResetPasswordKeyForm):
    pass
