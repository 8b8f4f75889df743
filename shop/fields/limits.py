"""The limits of quantities, for forms, admin, imports and the database alike."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

MOST_MONEY = Decimal("99999999.99")
MOST_PIECES = 1_000_000
MOST_POSITION = 1_000_000
YEARS = (1000, 2999)
PERCENT = (-90, 900)


def limited(table, *fields, least=0, most):
    """Return the constraints that keep columns of a table within limits."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (least, most)}),
            name=f"{table}_{field}_within_limits",
        )
        for field in fields
    ]
