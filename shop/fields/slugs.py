"""Slugs: two that differ in the case of their letters only are one too many."""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import UniqueConstraint


class UniqueWhateverCase(UniqueConstraint):
    """Of Lower("field"), for a unique field: that two differ in case only is told beside it."""

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        [source] = self.expressions[0].get_source_expressions()
        same = model._default_manager.using(using).filter(**{source.name: getattr(instance, source.name)})
        if same.exclude(pk=instance.pk).exists():
            return
        try:
            super().validate(model, instance, exclude, using)
        except ValidationError as error:
            raise ValidationError({source.name: error.messages}) from None
