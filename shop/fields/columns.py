"""Columns of quantities, each with its limits and the form field that reads it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from .limits import MOST_MONEY, MOST_PIECES, YEARS
from .numbers import CountField, MoneyField


class Quantity:
    """To migrations it is the column of Django's that it is in the database."""

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{super().get_internal_type()}", args, kwargs


class MoneyColumn(Quantity, models.DecimalField):
    """An amount of a currency that stands beside it, with two decimals."""

    default_validators = [MinValueValidator(0), MaxValueValidator(MOST_MONEY)]

    def __init__(self, *args, max_digits=10, decimal_places=2, **kwargs):
        super().__init__(*args, max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": MoneyField} | kwargs)


class CountColumn(Quantity, models.PositiveIntegerField):
    """How many there are of something, or its place among others."""

    default_validators = [MaxValueValidator(MOST_PIECES)]

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": CountField} | kwargs)


class YearColumn(Quantity, models.PositiveSmallIntegerField):
    """A year."""

    default_validators = [MinValueValidator(YEARS[0]), MaxValueValidator(YEARS[1])]

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": CountField} | kwargs)
