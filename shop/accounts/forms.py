from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.text import slugify

from shop.fields.robots import SentByPeople
from shop.fields.texts import LineFormField
from shop.images.allowance import OF_SHOPPER
from shop.images.fields import LogoField, open_pictures
from shop.staff.decisions import DecisionForm

from .models import Seller, SellerApplication, User
from .models.people import TAKEN
from .rights import may_change_credentials


class SignUpForm(SentByPeople):
    """What sign-up asks for besides email address and password."""

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


class CloseAccountForm(forms.Form):
    is_sure = forms.BooleanField(label="Yes, delete my account for good")


class ApplicationForm(SentByPeople, forms.ModelForm):
    slug = forms.SlugField(
        label="Address of your page",
        max_length=80,
        required=False,
        help_text="Letters, digits and hyphens, like “saltmere-ceramics”. If empty, it is made of the name.",
    )
    logo = LogoField(
        required=False,
        widget=forms.FileInput,
        is_opened_later=True,
        help_text="A JPEG, PNG, WebP or AVIF picture.",
    )

    class Meta:
        model = SellerApplication
        fields = ["name", "slug", "craft", "place", "contact_email", "about", "logo"]
        labels = {"place": "Where you make it"}
        help_texts = {
            "name": "As it is to stand on your page and beside everything you sell.",
            "craft": "In a few words: “Stoneware for every day”.",
            "about": "Who you are and how you work, for your page. You may use Markdown.",
        }
        widgets = {"about": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact_email"].required = True

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = slugify(cleaned.get("name", ""))[:80]
            if cleaned.get("name") and not cleaned["slug"]:
                self.add_error("slug", "Please choose an address: the name gives none.")
        name, slug = (cleaned.get(field) or "" for field in ("name", "slug"))
        for field, message in (
            SellerApplication(pk=self.instance.pk, name=name, slug=slug).conflicts().items()
        ):
            self.add_error(field, message)
        open_pictures(self, f"user:{self.instance.user_id}", OF_SHOPPER)
        return cleaned

    def save(self, commit=True):
        application = super().save(commit=False)
        application.send()
        return application


class ContactForm(forms.ModelForm):
    """The public email of one's shop."""

    class Meta:
        model = Seller
        fields = ["contact_email"]
        labels = {"contact_email": "Public email"}
        help_texts = {"contact_email": SellerApplication._meta.get_field("contact_email").help_text}


class SellerForm(forms.ModelForm):
    logo = LogoField(required=False)

    class Meta:
        model = Seller
        fields = ["user", "name", "slug", "craft", "place", "since", "about", "contact_email", "logo"]


class ApplicationDecisionForm(DecisionForm, forms.ModelForm):
    """What staff decide on an application."""

    decision = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect(attrs={"class": "radiolist"}),
        choices=[("", "Leave it waiting"), ("approve", "Approve: open the shop"), ("reject", "Reject")],
        help_text="The applicant is told by email.",
    )

    class Meta:
        model = SellerApplication
        fields = ["reason"]

    def facts(self):
        application = self.instance
        names = ("status", "sent_at", "name", "slug", "craft", "place", "contact_email", "about")
        return [application.user, application.logo.name, *(getattr(application, name) for name in names)]

    def decided(self):
        return self.instance.outcome()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "reject" and not cleaned.get("reason"):
            self.add_error("reason", "Say why: the applicant reads it.")
        if cleaned.get("decision") == "approve" and hasattr(self.instance.user, "seller"):
            self.add_error("decision", "This person has a shop already.")
        if cleaned.get("decision") == "approve":
            for message in self.instance.conflicts().values():
                self.add_error("decision", message)
        return cleaned


class OwnEmail:
    """A form in which staff write the address of a person: in lower case, and nobody else's."""

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
    """An address with which somebody signs in, as staff write it; actor: who writes."""

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
