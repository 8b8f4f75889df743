"""What pages showed of rows before they were written, compared with what they show then."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    """What pages showed of a row, {tag: facts}, and the subject that stands for writes to it."""

    subject: tuple
    facts: dict

    def changed_tags(self, now):
        tags = {tag for tag in self.facts.keys() | now.keys() if self.facts.get(tag) != now.get(tag)}
        # A page that depends on an aspect of a list depends on the list itself, too.
        return tags - {tag for tag in tags if "." in tag and tag.partition(".")[0] in tags}


def reread(keys):
    """Yield ((model, pk), row) of some rows as they are now in the database, None for those deleted."""
    by_model = defaultdict(list)
    for model, pk in keys:
        by_model[model].append(pk)
    for model, pks in by_model.items():
        rows = model._default_manager.for_page().in_bulk(pks)
        for pk in pks:
            yield (model, pk), rows.get(pk)
