from django import forms
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.text import Truncator

from shop.caching.admin import ClearingAdmin, signature
from shop.catalogue.renditions import renditions_of
from shop.staff.actions import ask, asks_first
from shop.staff.comparing import ComparingAdmin
from shop.staff.history import HistoryAdmin
from shop.staff.todo import waits

from .models import Report, Review

waits("reviews to be looked at", Review.objects.queue, "reviews.change_review")


class QueueFilter(admin.SimpleListFilter):
    """What there is to look at comes first: nobody looks for it."""

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
    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The authors get it by e-mail.",
        error_messages={"required": "Give the authors a reason."},
    )


class ModerationForm(forms.ModelForm):
    """What staff decide about a review; its words are its author's."""

    verdict = forms.ChoiceField(
        choices=[("", "Leave it as it is"), ("approve", "Publish it"), ("reject", "Do not show it")],
        required=False,
    )
    reason = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For a review that is not shown: the author gets it by e-mail.",
    )

    class Meta:
        model = Review
        fields = []

    def clean(self):
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
    # Beside its list: the rows that are sorted stay small.
    list_select_related = False
    list_per_page = 50
    search_fields = ["title", "text", "author_name", "author__email", "product__title"]
    show_full_result_count = False
    actions = ["approve_reviews", "reject_reviews"]
    inlines = [ReportInline]
    shown = [
        *("product", "rating", "title", "text", "shown_photos", "author", "author_name", "reply"),
        *("state", "rejection_reason", "suspicion", "helpful_count", "unhelpful_count"),
        *("created_at", "published_at", "edited_at", "checked_at"),
    ]
    readonly_fields = shown
    fieldsets = [(None, {"fields": ["verdict", "reason"]}), ("Review", {"fields": shown})]

    def get_queryset(self, request):
        return super().get_queryset(request).with_open_reports().prefetch_related("product")

    def get_object(self, request, object_id, from_field=None):
        # Its product is locked before it, by the verbs below.
        return super(ClearingAdmin, self).get_object(request, object_id, from_field)

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

    def in_question(self, review):
        return f"{review}, by {review.author_name}: {self.words(review)}"

    def save_model(self, request, obj, form, change):
        match form.cleaned_data.get("verdict"):
            case "approve":
                obj.approve(who=signature(request))
            case "reject":
                obj.reject(form.cleaned_data["reason"], who=signature(request))

    def delete_model(self, request, obj):
        obj.remove(who=signature(request))

    def delete_queryset(self, request, queryset):
        for review in in_order(queryset):
            self.delete_model(request, review)

    @admin.action(description="Publish the selected reviews", permissions=["change"])
    @asks_first("Publish these reviews?", "Publish them")
    def approve_reviews(self, request, queryset):
        reviews = in_order(queryset)
        for review in reviews:
            review.approve(who=signature(request))
        self.message_user(request, f"{len(reviews)} reviews are published.")

    @admin.action(description="Do not show the selected reviews", permissions=["change"])
    def reject_reviews(self, request, queryset):
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            return ask(self, request, queryset, "Take these reviews off?", "Do not show them", form=form)
        reviews = in_order(queryset)
        for review in reviews:
            review.reject(form.cleaned_data["reason"], who=signature(request))
        self.message_user(request, f"{len(reviews)} reviews are not shown; their authors get an e-mail.")
        return None


def in_order(queryset):
    """Return reviews in the order of their products, so that two who lock many cannot deadlock."""
    return list(queryset.order_by("product_id", "pk").select_related("product"))
