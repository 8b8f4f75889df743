"""Model fields of quantities, each with its limits and form field."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from .limits import MOST_MONEY, MOST_PIECES, YEARS
from .numbers import CountField, MoneyField


class Quantity:
    """Mixin for a model field that migrations see as Django's own."""

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{super().get_internal_type()}", args, kwargs


class MoneyColumn(Quantity, models.DecimalField):
    """An amount with two decimals; its currency is another column."""

    default_validators = [MinValueValidator(0), MaxValueValidator(MOST_MONEY)]

    def __init__(self, *args, max_digits=10, decimal_places=2, **kwargs):
        super().__init__(*args, max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": MoneyField} | kwargs)


class CountColumn(Quantity, models.PositiveIntegerField):
    """A count or position."""

    default_validators = [MaxValueValidator(MOST_PIECES)]

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": CountField} | kwargs)


class YearColumn(Quantity, models.PositiveSmallIntegerField):
    default_validators = [MinValueValidator(YEARS[0]), MaxValueValidator(YEARS[1])]

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": CountField} | kwargs)
