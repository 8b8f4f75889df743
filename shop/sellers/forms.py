from django import forms
from django.utils.text import slugify

from shop.fields.robots import SentByPeople
from shop.images.allowance import OF_SHOPPER
from shop.images.fields import LogoField, open_pictures
from shop.staff.decisions import DecisionForm

from .models import Seller, SellerApplication


class ApplicationForm(SentByPeople, forms.ModelForm):
    slug = forms.SlugField(
        label="URL of your page",
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
                self.add_error("slug", "Please choose a URL for your page: none can be made from the name.")
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
    """The public email of a shop."""

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
    """The decision of staff on an application."""

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
