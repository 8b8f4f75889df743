from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.html import format_html

from shop.caching.once import SentOnce
from shop.caching.versions import clearing
from shop.images.renditions import renditions_of
from shop.staff.actions import MOST_LISTED, confirm, confirmed_action
from shop.staff.comparing import ComparingAdmin
from shop.staff.history import HistoryAdmin
from shop.staff.todo import register_todo

from .forms import PriceChangeForm, ProductAdminForm, VariantForm, VariantFormSet
from .models import Category, Photo, Product, Redirect, Variant
from .templatetags.catalogue import money

LISTED = Product.objects.listed()
MAY_CHANGE = "catalogue.change_product"
register_todo(
    "listed product sold out",
    "listed products sold out",
    LISTED.sold_out,
    MAY_CHANGE,
    "?status__exact=listed&stock=out",
)
register_todo(
    "listed product running low",
    "listed products running low",
    LISTED.running_low,
    MAY_CHANGE,
    "?status__exact=listed&stock=low",
)


@admin.register(Category)
class CategoryAdmin(HistoryAdmin, ComparingAdmin):
    is_exclusive = True
    list_display = ["indented_name", "path", "position"]
    list_editable = ["position"]
    list_display_links = ["indented_name"]
    search_fields = ["name", "path"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}

    @admin.display(description="name", ordering="path")
    def indented_name(self, category):
        return "— " * category.depth + category.name

    def delete_queryset(self, request, queryset):
        # Children first: a parent with children is protected.
        for category in sorted(queryset, key=lambda category: -category.depth):
            try:
                self.delete_model(request, category)
            except ProtectedError:
                self.message_user(request, f"{category} is not empty and stays.", messages.ERROR)


class VariantInline(admin.TabularInline):
    model = Variant
    form = VariantForm
    formset = VariantFormSet
    extra = 0
    min_num = 1


class PhotoInline(admin.TabularInline):
    model = Photo
    extra = 0
    fields = ["thumbnail", "file", "alt", "position"]
    readonly_fields = ["thumbnail"]

    @admin.display(description="")
    def thumbnail(self, photo):
        return thumbnail(photo)


class StockFilter(admin.SimpleListFilter):
    title = "stock"
    parameter_name = "stock"

    def lookups(self, request, model_admin):
        return [("out", "Sold out"), ("low", "Low"), ("in", "In stock")]

    def queryset(self, request, products):
        match self.value():
            case "out":
                return products.sold_out()
            case "low":
                return products.running_low()
            case "in":
                return products.well_stocked()
        return products


@admin.register(Product)
class ProductAdmin(HistoryAdmin, ComparingAdmin):
    form = ProductAdminForm
    list_display = ["photo", "title", "seller", "category", "shown_price", "stock", "status"]
    list_display_links = ["photo", "title"]
    list_filter = ["status", StockFilter, ("seller", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["seller", "category"]
    list_per_page = 50
    search_fields = ["title", "slug", "brand", "variants__sku"]
    search_help_text = "Title, slug, brand or SKU"
    autocomplete_fields = ["seller", "category"]
    prepopulated_fields = {"slug": ["title"]}
    show_full_result_count = False
    inlines = [VariantInline, PhotoInline]
    actions = ["list_products", "archive_products", "change_prices"]
    history_of_parts = "product"
    fieldsets = [
        (None, {"fields": ["title", "slug", "status", "seller", "category", "brand"]}),
        ("What the page says", {"fields": ["description", "care", "specifications", "option_names"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("photos")

    @admin.display(description="")
    def photo(self, product):
        return thumbnail(product.cover)

    @admin.display(description="price", ordering="price")
    def shown_price(self, product):
        return f"{product.price} {product.currency}" if product.price is not None else "–"

    @admin.display(ordering="stock_shown")
    def stock(self, product):
        return str(product.stock)

    def save_model(self, request, obj, form, change):
        form.wanted_status = obj.status
        if not change:
            # Without variants, the database would refuse to list it.
            obj.status = Product.Status.DRAFT
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        product = Product.objects.get(pk=form.instance.pk)
        product.status = form.wanted_status
        product.summarise_variants()
        product.save()

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if obj and not obj.is_draft else None

    @admin.action(description="List the selected products", permissions=["change"])
    @confirmed_action("List these products?", "List them")
    def list_products(self, request, queryset):
        priced = queryset.filter(price__isnull=False)
        self._change_status(request, priced, Product.Status.LISTED, Product.list)
        if unpriced := queryset.count() - priced.count():
            self.message_user(request, f"{unpriced} without a variant stay as they are.", messages.WARNING)

    @admin.action(description="Archive the selected products", permissions=["change"])
    @confirmed_action("Take these products out of the shop?", "Archive them")
    def archive_products(self, request, queryset):
        self._change_status(request, queryset, Product.Status.ARCHIVED, Product.archive)

    @admin.action(description="Change the prices of the selected products", permissions=["change"])
    def change_prices(self, request, queryset):
        """Ask for a change, preview it, and apply it when confirmed."""
        is_filled = "percent" in request.POST
        form = PriceChangeForm(request.POST if is_filled else None)
        products = Product.objects.filter(pk__in=queryset.values_list("pk", flat=True)).for_page()
        if is_filled and form.is_valid():
            if "confirmed" in request.POST and self._change_prices_once(request, form, products.locked()):
                return None
            rows = [row for product in products[:MOST_LISTED] for row in prices(product, form.change())]
        else:
            rows = []
        headings = ["Product", "Variant", "Price", "New price", "Former price shown"]
        context = {"form": form, "rows": rows, "headings": headings}
        return confirm(self, request, products, "Change prices", "Change these prices", **context)

    def _change_prices_once(self, request, form, products):
        """Change all prices or, if one cannot be changed, say why; return whether it was done."""
        try:
            with clearing():
                sent = SentOnce(request)
                if sent.is_first:
                    form.change().apply_to_all(products)
                    sent.answer((messages.INFO, "The prices are changed."))
                else:
                    sent.answer_again()
        except ValidationError as error:
            form.add_error(None, error)
            return False
        return True

    def _change_status(self, request, queryset, status, change):
        selected = Product.objects.filter(pk__in=queryset.values_list("pk", flat=True))
        products = list(selected.exclude(status=status).for_page().locked())
        for product in products:
            change(product)
        self.message_user(request, f"{len(products)} products are now {status.label.lower()}.")


@admin.register(Redirect)
class RedirectAdmin(ComparingAdmin):
    list_display = ["old_path", "new_path"]
    search_fields = ["old_path", "new_path"]


def thumbnail(photo):
    if photo is None or not photo.file:
        return ""
    url = renditions_of(photo).thumbnail
    return format_html('<img src="{}" alt="" width="56" height="56" loading="lazy">', url)


def prices(product, change):
    """Return the effects of a change on a product, as rows of texts."""
    for variant in product.variants.all():
        amounts = (variant.price, change.price(variant), change.former_price(variant))
        shown = ["–" if amount is None else money(amount, variant.currency) for amount in amounts]
        yield [product.title, str(variant), *shown]
