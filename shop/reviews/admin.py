from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator

from shop.caching.admin import ClearingAdmin, signature
from shop.catalogue.models import Product
from shop.fields.texts import ProseFormField
from shop.images.renditions import renditions_of
from shop.staff.actions import confirm, confirmed_action
from shop.staff.comparing import ComparingAdmin
from shop.staff.decisions import DecisionForm, is_as_shown
from shop.staff.history import HistoryAdmin
from shop.staff.todo import register_todo

from .models import Report, Review

SHOWN = ("photos__review", "reports")
DELETE = ("Delete these reviews?", "Delete them")
register_todo("review to moderate", "reviews to moderate", Review.objects.queue, "reviews.change_review")


class QueueFilter(admin.SimpleListFilter):
    """The reviews to moderate are the default."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return [("reported", "Reported"), ("all", "All reviews")]

    def choices(self, changelist):
        unchosen, *others = super().choices(changelist)
        return [unchosen | {"display": "To be looked at"}, *others]

    def queryset(self, request, reviews):
        match self.value():
            case "all":
                return reviews
            case "reported":
                return reviews.filter(open_reports__gt=0)
        return reviews.queue()


class ReasonForm(forms.Form):
    reason = ProseFormField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The authors get it by e-mail.",
        error_messages={"required": "Give the authors a reason."},
    )


class ModerationForm(DecisionForm, forms.ModelForm):
    """The decision of staff on a review, whose text they cannot change."""

    decision_field = "verdict"
    verdict = forms.ChoiceField(
        choices=[("", "Leave it as it is"), ("approve", "Publish it"), ("reject", "Do not show it")],
        required=False,
    )
    reason = ProseFormField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For a review that is not shown: the author gets it by e-mail.",
    )

    class Meta:
        model = Review
        fields = []

    def facts(self):
        return facts_of(self.instance)

    def clean(self):
        super().clean()
        if self.cleaned_data.get("verdict") == "reject" and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Give the author a reason.")


class ReportInline(admin.TabularInline):
    model = Report
    extra = 0
    can_delete = False
    readonly_fields = ["reason", "note", "reporter", "created_at", "settled_at"]

    def has_add_permission(self, request, obj):
        return False


@admin.register(Review)
class ReviewAdmin(HistoryAdmin, ComparingAdmin):
    form = ModerationForm
    list_display = [
        "words",
        "rating",
        "product",
        "author_name",
        "state",
        "suspicion",
        "reports",
        "created_at",
    ]
    list_filter = [QueueFilter, "state", "rating"]
    # In a second query, so that the sorted rows stay small.
    list_select_related = False
    list_per_page = 50
    search_fields = ["title", "text", "author_name", "author__email", "product__title"]
    show_full_result_count = False
    actions = ["approve_reviews", "reject_reviews", "delete_reviews"]
    inlines = [ReportInline]
    shown = [
        *("product", "rating", "title", "text", "shown_photos", "author", "author_name", "reply"),
        *("state", "rejection_reason", "suspicion", "helpful_count", "unhelpful_count"),
        *("created_at", "published_at", "edited_at", "checked_at"),
    ]
    readonly_fields = shown
    fieldsets = [(None, {"fields": ["verdict", "reason", "shown"]}), ("Review", {"fields": shown})]

    def get_queryset(self, request):
        return super().get_queryset(request).with_open_reports().prefetch_related("product", *SHOWN)

    def get_object(self, request, object_id, from_field=None):
        # Every writer of reviews locks the product first.
        if request.method == "POST" and object_id.isdecimal():
            self.lock(Review.objects.filter(pk=object_id))
        return super(ClearingAdmin, self).get_object(request, object_id, from_field)

    def lock(self, queryset):
        products = Product.objects.filter(pk__in=[review.product_id for review in queryset])
        list(products.for_page().order_by("pk").locked())

    def get_actions(self, request):
        # Its confirmation does not show the texts, which may be edited before the answer.
        return {
            name: action for name, action in super().get_actions(request).items() if name != "delete_selected"
        }

    def has_add_permission(self, request):
        return False

    @admin.display(description="review")
    def words(self, review):
        return Truncator(f"{review.title}. {review.text}" if review.title else review.text).chars(120)

    @admin.display(description="suspicion", ordering="spam_score")
    def suspicion(self, review):
        return f"{review.spam_score}: {', '.join(review.spam_signs)}" if review.spam_score else "–"

    @admin.display(description="open reports", ordering="open_reports")
    def reports(self, review):
        return review.open_reports or ""

    @admin.display(description="photos")
    def shown_photos(self, review):
        photos = [
            (photo.file.url, renditions_of(photo).thumbnail, photo.alt) for photo in review.photos.all()
        ]
        return format_html_join(" ", '<a href="{}"><img src="{}" alt="{}" height="120"></a>', photos) or "–"

    def confirmation_label(self, review):
        """Return everything that staff have read before they decide."""
        said = f"{review}, by {review.author_name}"
        words = [words for words in (review.title, review.text, review.reply) if words]
        return format_html("{}: {} {}", said, " / ".join(words), self.shown_photos(review))

    def save_model(self, request, obj, form, change):
        match form.cleaned_data.get("verdict"):
            case "approve":
                obj.approve(actor=signature(request))
            case "reject":
                obj.reject(form.cleaned_data["reason"], actor=signature(request))

    def confirmation_facts(self, review):
        return facts_of(review)

    def delete_view(self, request, object_id, extra_context=None):
        """Ask for confirmation as the action does."""
        review = get_object_or_404(Review, pk=unquote(object_id))
        if not self.has_delete_permission(request, review):
            raise PermissionDenied
        chosen = {"action": "delete_reviews", "selected": [review.pk]}
        url = reverse("admin:reviews_review_changelist") + "?queue=all"
        return confirm(self, request, Review.objects.filter(pk=review.pk), *DELETE, form_url=url, **chosen)

    @admin.action(description="Delete the selected reviews", permissions=["delete"])
    @confirmed_action(*DELETE)
    def delete_reviews(self, request, queryset):
        reviews = in_order(queryset)
        self.log_deletions(request, queryset)
        for review in reviews:
            review.remove(actor=signature(request))
        self.message_user(request, f"{len(reviews)} reviews are deleted.")

    @admin.action(description="Publish the selected reviews", permissions=["change"])
    @confirmed_action("Publish these reviews?", "Publish them")
    def approve_reviews(self, request, queryset):
        reviews = in_order(queryset)
        for review in reviews:
            review.approve(actor=signature(request))
        self.message_user(request, f"{len(reviews)} reviews are published.")

    @admin.action(description="Do not show the selected reviews", permissions=["change"])
    def reject_reviews(self, request, queryset):
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if not is_as_shown(self, request, queryset) or not form.is_valid():
            return confirm(self, request, queryset, "Take these reviews off?", "Do not show them", form=form)
        reviews = in_order(queryset)
        for review in reviews:
            review.reject(form.cleaned_data["reason"], actor=signature(request))
        self.message_user(request, f"{len(reviews)} reviews are not shown; their authors get an e-mail.")
        return None


def facts_of(review):
    """Return everything that staff see of a review."""
    names = ("state", "version", "rating", "title", "text", "author_name", "reply", "checked_at")
    reports = [report for report in review.reports.all() if report.settled_at is None]
    return [
        *(getattr(review, name) for name in (*names, "rejection_reason")),
        [photo.digest for photo in review.photos.all()],
        [[report.pk, report.reason, report.note] for report in reports],
    ]


def in_order(queryset):
    """Return reviews in the order of their products, so that two bulk actions cannot deadlock."""
    return list(queryset.order_by("product_id", "pk").select_related("product"))
