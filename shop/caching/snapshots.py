"""Rows as pages showed them before a write, for comparison afterwards."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    """What pages showed of a row, {tag: facts}, and the subject its writes are noted under."""

    subject: tuple
    facts: dict

    def changed_tags(self, now):
        tags = {tag for tag in self.facts.keys() | now.keys() if self.facts.get(tag) != now.get(tag)}
        # Every page with the tag of an aspect has the tag of the whole list, too.
        return tags - {tag for tag in tags if "." in tag and tag.partition(".")[0] in tags}


def reread(keys):
    """Yield ((model, pk), row) with the current rows; None if deleted."""
    by_model = defaultdict(list)
    for model, pk in keys:
        by_model[model].append(pk)
    for model, pks in by_model.items():
        rows = model._default_manager.for_page().in_bulk(pks)
        for pk in pks:
            yield (model, pk), rows.get(pk)
