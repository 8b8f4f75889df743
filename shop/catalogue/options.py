from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class OptionChoice:
    """One value of an option, and the variant that choosing it leads to."""

    value: str
    variant: object
    url: str
    is_chosen: bool


def shown_first(variants):
    """Return the variant whose price a card shows and at which the product's page opens.

    It is the cheapest of those in stock, or of all if none is; among equals, the seller's default.
    """
    return min(variants, key=lambda variant: (not variant.stock, variant.price, not variant.is_default))


def option_groups(product, variants, chosen):
    """Return (option name, choices) pairs; a choice keeps the other options where it can."""
    return [
        (name, [_choice(product, value, index, variants, chosen) for value in _values(variants, index)])
        for index, name in enumerate(product.option_names)
    ]


def variant_url(product, variant):
    """Return the URL of a product's page with a variant chosen."""
    return f"{product.get_absolute_url()}?{urlencode({'variant': variant.sku})}"


def _values(variants, index):
    return dict.fromkeys(variant.option_values[index] for variant in variants)


def _choice(product, value, index, variants, chosen):
    def options_kept(variant):
        return sum(a == b for a, b in zip(variant.option_values, chosen.option_values, strict=True))

    candidates = [variant for variant in variants if variant.option_values[index] == value]
    variant = max(candidates, key=options_kept)
    return OptionChoice(value, variant, variant_url(product, variant), chosen.option_values[index] == value)
