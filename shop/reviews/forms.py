from django import forms
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.caching.rate_limit import HOUR, is_within_limit
from shop.fields.robots import SentByPeople
from shop.images.allowance import OF_SHOPPER
from shop.images.fields import PicturesField, open_pictures

from .models import Report, Review, ReviewPhoto, Vote
from .models.review_photos import MOST_PHOTOS
from .spam import signs_of_spam

SIGNED_OUT = "You are signed out. Sign in, then send this again: your text is kept."
REVIEWS_AN_HOUR, EDITS_AN_HOUR, REPORTS_AN_HOUR, MOST_OF_NETWORK = 5, 20, 10, 30


class ReviewForm(forms.ModelForm):
    rating = forms.TypedChoiceField(
        label="Your rating",
        choices=Review.Rating,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose from one to five stars.",
            "invalid_choice": "Choose from one to five stars.",
        },
    )
    photos = PicturesField(most=MOST_PHOTOS, help_text=f"Up to {MOST_PHOTOS}, as JPEG, PNG, WebP or AVIF.")
    removed = forms.ModelMultipleChoiceField(ReviewPhoto.objects.none(), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Review
        fields = ["rating", "title", "text", "author_name"]
        labels = {"text": "Your review"}
        help_texts = {"author_name": "Shown beside your review; it need not be your own."}
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        error_messages = {
            "text": {"required": "Write a sentence or two."},
            "author_name": {"required": "Give a name to show; it need not be your own."},
        }

    def __init__(self, *args, author, network, **kwargs):
        super().__init__(*args, auto_id="review-%s", **kwargs)
        self.author, self.network = author, network
        self.review, self.product = self.instance, self.instance.product
        self.is_new = self.instance.pk is None
        self.twin = None
        if self.is_new:
            self.initial["author_name"] = getattr(author, "display_name", "")
        else:
            self.fields["removed"].queryset = self.instance.photos.all()
            self.fields["version"].initial = self.instance.version

    def clean(self):
        """Check the sender and the rate limits before any picture is opened."""
        try:
            self._check_sender()
        except forms.ValidationError as error:
            self.add_error(None, error)
        if not self.twin:
            open_pictures(self, f"user:{self.author.pk}", OF_SHOPPER)

    def save(self):
        """Save and return the review."""
        if self.twin or not self.has_changed():
            return self.twin or self.review
        # Before the transaction: renditions take a second, and other writers should not wait for them.
        photos = stored_photos(self.cleaned_data["photos"])
        signs = self._signs()
        with self.review.changing(actor=self.author.signature) as product:
            twin = self.is_new and product.reviews.filter(author=self.author).first()
            if not twin:
                self._write(photos, signs)
        if twin:  # Double submit: keep the first.
            discard(photos)
        return twin or self.review

    def _check_sender(self):
        if not self.author.is_authenticated:
            raise forms.ValidationError(SIGNED_OUT)
        if self.is_new:
            self._check_may_review()
        else:
            self._check_is_current()
            self._check_number_of_photos()
        if not self.errors and not self.twin:
            self._check_limits()

    def _check_may_review(self):
        if not self.product.is_listed:
            raise forms.ValidationError("This is no longer sold, so it takes no new reviews.")
        if self.product.seller.user_id == self.author.pk:
            raise forms.ValidationError("You sell this yourself, so you cannot review it.")
        self.twin = self.product.reviews.filter(author=self.author).first()
        if self.twin and not self._says_the_same(self.twin):
            raise forms.ValidationError("You have reviewed this already. Change that review instead.")

    def _says_the_same(self, review):
        return all(self.cleaned_data.get(name) == getattr(review, name) for name in ("rating", "text"))

    def _check_is_current(self):
        current = self.fields["version"].initial
        if self.cleaned_data.get("version") != current:
            self.data = self.data.copy()
            self.data["version"] = current
            raise forms.ValidationError(
                "This review was changed elsewhere in the meantime. Send it again to replace that with this."
            )

    def _check_number_of_photos(self):
        kept = self.review.photos.count() - len(self.cleaned_data.get("removed", ()))
        if kept + len(self.cleaned_data.get("photos", ())) > MOST_PHOTOS:
            self.add_error("photos", f"With those that are here already, these are more than {MOST_PHOTOS}.")

    def _check_limits(self):
        kind, most = ("review", REVIEWS_AN_HOUR) if self.is_new else ("edit", EDITS_AN_HOUR)
        is_within = is_within_limit(f"{kind}:{self.author.pk}", most, HOUR)
        if not is_within_limit(f"{kind}:{self.network}", MOST_OF_NETWORK, HOUR) or not is_within:
            raise forms.ValidationError(
                "That is a lot within an hour. Please send it again later: your text is kept."
            )

    def _signs(self):
        if self.is_new:
            self.review.author = self.author
        return signs_of_spam(self.review)

    def _write(self, photos, signs):
        review = self.review
        for name in self.Meta.fields:
            setattr(review, name, self.cleaned_data[name])
        if self.is_new:
            review.author = self.author
        else:
            review.version += 1
            review.edited_at = timezone.now()
        self._set_state()
        review.spam_score = sum(points for points, _ in signs)
        review.spam_signs = [f"{text} ({points})" for points, text in signs]
        review.save()
        self._write_photos(photos)

    def _set_state(self):
        if settings.REVIEWS_NEED_APPROVAL or self.review.is_rejected:
            self.review.state = Review.State.WAITING
        elif self.is_new:
            self.review.publish()

    def _write_photos(self, photos):
        for photo in self.cleaned_data["removed"]:
            photo.delete()
        for position, photo in enumerate([*self.review.photos.all(), *photos]):
            photo.review, photo.position = self.review, position
            photo.save()


def stored_photos(files):
    """Store all photos or, if the disk is full, none."""
    photos = []
    try:
        for file in files:
            photos.append(ReviewPhoto())
            photos[-1].file.save(file.name, file, save=False)
    except OSError:
        discard(photos)
        raise
    return photos


def discard(photos):
    for photo in photos:
        photo.file.delete(save=False)


class VoteForm(forms.Form):
    """A vote on a review, or its withdrawal."""

    choice = forms.ChoiceField(choices=Vote.Choice)


class ReplyForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["reply"]
        labels = {"reply": "Your reply"}
        help_texts = {"reply": "Everybody sees it below the review."}
        widgets = {"reply": forms.Textarea(attrs={"rows": 4, "autofocus": True})}

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, auto_id=f"%s-{instance.pk}", **kwargs)
        self.fields["reply"].required = True
        self.fields["reply"].error_messages["required"] = "Write a reply, or leave the review as it is."

    def save(self):
        self.instance.answer(self.cleaned_data["reply"], actor=str(self.instance.product.seller))
        return self.instance


class ReportForm(SentByPeople, forms.ModelForm):
    class Meta:
        model = Report
        fields = ["reason", "note"]
        widgets = {"reason": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"reason": {"required": "Choose a reason."}}

    def __init__(self, *args, instance, network, **kwargs):
        super().__init__(*args, instance=instance, auto_id=f"%s-{instance.review_id}", **kwargs)
        self.network = network
        self.fields["reason"].choices = Report.Reason.choices

    def clean(self):
        super().clean()
        if not self.errors and not is_within_limit(f"report:{self.network}", REPORTS_AN_HOUR, HOUR):
            raise forms.ValidationError("That is a lot within an hour. Please try again later.")

    def save(self):
        """Save a report; it replaces an earlier one of the same person, or an equal anonymous one."""
        report = self.instance
        same = {"reporter": report.reporter}
        if report.reporter is None:
            same |= {"reason": report.reason, "note": report.note, "settled_at": None}
        with transaction.atomic():
            # One at a time, so that a double click creates one report.
            Review.objects.select_for_update(no_key=True).get(pk=report.review_id)
            report.review.reports.filter(**same).delete()
            report.save()
        return report
