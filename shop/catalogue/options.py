from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One value of an option, and the variant that choosing it leads to."""

    value: str
    variant: object
    is_chosen: bool


def option_groups(product, variants, chosen):
    """Return (option name, choices) pairs; a choice keeps the other options where it can."""
    return [
        (name, [_choice(value, index, variants, chosen) for value in _values(variants, index)])
        for index, name in enumerate(product.option_names)
    ]


def _values(variants, index):
    return dict.fromkeys(variant.option_values[index] for variant in variants)


def _choice(value, index, variants, chosen):
    def options_kept(variant):
        return sum(a == b for a, b in zip(variant.option_values, chosen.option_values, strict=True))

    candidates = [variant for variant in variants if variant.option_values[index] == value]
    return Choice(value, max(candidates, key=options_kept), chosen.option_values[index] == value)
