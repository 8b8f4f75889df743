from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from shop.fields.robots import SentByPeople
from shop.fields.texts import LineFormField

from .models import TAKEN, User
from .rights import may_change_credentials


class SignUpForm(SentByPeople):
    """Sign-up fields besides email and password."""

    display_name = LineFormField(
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


class OwnEmail:
    """Mixin for an admin form with a person's email: lower case and unique."""

    def clean_email(self):
        email = User.objects.normalize_email(self.cleaned_data["email"])
        if self.person().others_with(email).exists():
            raise forms.ValidationError(TAKEN)
        return email

    def person(self):
        return self.instance


class PersonAddForm(OwnEmail, AdminUserCreationForm):
    pass


class PersonChangeForm(OwnEmail, UserChangeForm):
    pass


class EmailAddressForm(OwnEmail, forms.ModelForm):
    """An admin form for a sign-in email; actor: the member of staff."""

    actor = None

    class Meta:
        model = EmailAddress
        fields = ["user", "email", "verified", "primary"]

    def person(self):
        return self.cleaned_data.get("user") or (self.instance.user if self.instance.pk else User())

    def clean_user(self):
        person = self.cleaned_data["user"]
        if not may_change_credentials(self.actor, person):
            raise forms.ValidationError("This person has rights that you do not have.")
        return person
