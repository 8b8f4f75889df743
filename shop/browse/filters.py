from functools import lru_cache

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict

from shop.catalogue.converters import CategoryPath

SORTS = {
    # Of a search, what fits best; of any other list, what is newest.
    "": ("Newest", "newest"),
    "newest": ("Newest", "newest"),
    "price": ("Price, low to high", "cheapest"),
    "-price": ("Price, high to low", "dearest"),
    "rating": ("Best rated", "best_rated"),
    "name": ("Name", "by_name"),
}
# What a list needs to know of its products besides their age (see shop.invalidation), by what was chosen.
ASPECTS = {
    "q": ".words",
    "price_min": ".price",
    "price_max": ".price",
    "rating": ".rating",
    "in_stock": ".stock",
    "sort=price": ".price",
    "sort=-price": ".price",
    "sort=rating": ".rating",
    "sort=name": ".title",
}
RATINGS = {"4": "4 stars and up", "3": "3 stars and up", "2": "2 stars and up"}
MAX_BRANDS = 10


class BrandsField(forms.MultipleChoiceField):
    """Any brands, each a short text: asking whether they exist would be a query before the versions."""

    def valid_value(self, value):
        return len(value) <= 80 and "\0" not in value

    def validate(self, value):
        super().validate(value)
        if len(value) > MAX_BRANDS:
            raise forms.ValidationError(f"Choose at most {MAX_BRANDS} brands.")


class ProductFilter(forms.Form):
    """What a list of products is narrowed to and sorted by: the parameters of its address."""

    q = forms.CharField(required=False, max_length=100)
    literal = forms.ChoiceField(required=False, choices=[("1", "Just as it is spelt")])
    category = forms.CharField(
        required=False, max_length=1000, validators=[RegexValidator(f"^{CategoryPath.regex}$")]
    )
    seller = forms.SlugField(required=False, max_length=80)
    brand = BrandsField(required=False)
    price_min = forms.DecimalField(required=False, min_value=0, max_digits=10, decimal_places=2)
    price_max = forms.DecimalField(required=False, min_value=0, max_digits=10, decimal_places=2)
    rating = forms.ChoiceField(required=False, choices=RATINGS.items())
    in_stock = forms.ChoiceField(required=False, choices=[("1", "In stock only")])
    sort = forms.ChoiceField(required=False, choices=[(key, label) for key, (label, _) in SORTS.items()])
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def clean(self):
        low, high = self.cleaned_data.get("price_min"), self.cleaned_data.get("price_max")
        if low is not None and high is not None and low > high:
            self.add_error("price_max", "The highest price is below the lowest.")

    def canonical(self):
        """Return the QueryDict that stands for this selection, whatever way it was written.

        Values that make no sense are left out; `ignored` names their parameters.
        """
        self.is_valid()
        query = QueryDict(mutable=True)
        for name in sorted(self.fields):
            query.setlist(name, [_canonical(value) for value in _values(self.cleaned_data.get(name))])
        if "q" not in query:
            query.pop("literal", None)
        if query.get("sort") == "newest" and "q" not in query:
            del query["sort"]
        query.setlist("ignored", sorted(set(self.errors) & set(self.fields)))
        if query.get("page") == "1":
            del query["page"]
        return QueryDict(query.urlencode())

    def narrow(self, products):
        """Return products (a queryset) narrowed to this selection, but for the words searched for."""
        chosen = self.cleaned_data
        if chosen["seller"]:
            products = products.filter(seller__slug=chosen["seller"])
        if chosen["brand"]:
            products = products.filter(brand__in=chosen["brand"])
        if chosen["price_min"] is not None:
            products = products.filter(price__gte=chosen["price_min"])
        if chosen["price_max"] is not None:
            products = products.filter(price__lte=chosen["price_max"])
        if chosen["rating"]:
            products = products.filter(rating__gte=int(chosen["rating"]))
        if chosen["in_stock"]:
            products = products.in_stock()
        return products

    def in_order(self, products):
        return getattr(products, SORTS[self.cleaned_data["sort"]][1])()


@lru_cache(maxsize=2000)
def canonical(query_string):
    """Return the canonical QueryDict of a query string; a form is dear on a page that is a hit."""
    return ProductFilter(QueryDict(query_string)).canonical()


def aspects(query):
    """Return the aspects of products that a canonical QueryDict narrows or sorts by, sorted."""
    chosen = [*query, f"sort={query.get('sort')}"]
    return sorted({ASPECTS[name] for name in chosen if name in ASPECTS})


def _values(value):
    if value in (None, ""):
        return []
    return sorted(set(value)) if isinstance(value, list) else [value]


def _canonical(value):
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)
