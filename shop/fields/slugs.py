"""Slugs that are unique regardless of case."""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import UniqueConstraint


class UniqueWhateverCase(UniqueConstraint):
    """A constraint on Lower("field") whose error appears beside the field."""

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        [source] = self.expressions[0].get_source_expressions()
        same = model._default_manager.using(using).filter(**{source.name: getattr(instance, source.name)})
        if same.exclude(pk=instance.pk).exists():
            return
        try:
            super().validate(model, instance, exclude, using)
        except ValidationError as error:
            raise ValidationError({source.name: error.messages}) from None
