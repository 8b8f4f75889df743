from django import forms

from .models import User


class SignUpForm(forms.Form):
    """What sign-up asks for besides email address and password."""

    display_name = forms.CharField(
        label="Your name",
        max_length=80,
        help_text="Shown beside what you write. A first name will do.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["display_name", "email", "password1"]

    def signup(self, request, user):
        user.display_name = self.cleaned_data["display_name"]
        user.save()


class ProfileForm(forms.ModelForm):
    display_name = SignUpForm.base_fields["display_name"]

    class Meta:
        model = User
        fields = ["display_name"]


class CloseAccountForm(forms.Form):
    is_sure = forms.BooleanField(label="Yes, delete my account for good")
