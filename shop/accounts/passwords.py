"""allauth's forms for new passwords, with the rules as help text."""

import secrets

from allauth.account import forms
from django.db import transaction

WHAT_IS_ASKED = "Use at least 12 characters. Avoid your name, email, only numbers, or common passwords."


class SaysWhatIsAsked:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = WHAT_IS_ASKED
        for field in self.fields.values():
            field.label = field.label.capitalize()


class SignupForm(SaysWhatIsAsked, forms.SignupForm):
    def try_save(self, request):
        """Do the same work for an email that has an account, so that timing does not reveal it."""
        if self.account_already_exists:
            self._save_and_forget(request)
        return super().try_save(request)

    def _save_and_forget(self, request):
        known = self.cleaned_data["email"]
        self.cleaned_data["email"], self.account_already_exists = f"{secrets.token_hex(8)}@invalid", False
        with transaction.atomic():
            self.save(request)
            transaction.set_rollback(True)
        self.cleaned_data["email"], self.account_already_exists = known, True


class ChangePasswordForm(SaysWhatIsAsked, forms.ChangePasswordForm):
    pass


class ResetPasswordKeyForm(SaysWhatIsAsked, forms.ResetPasswordKeyForm):
    pass
