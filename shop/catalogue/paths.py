"""Paths of categories, slugs joined by slashes: compared letter for letter, whatever the database."""

from django.db.models import CharField, Lookup


def lineage(path):
    """Return the paths from the root down to path itself: decor, decor/vases."""
    parts = path.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


@CharField.register_lookup
class Below(Lookup):
    """Whether a path is of a descendant: startswith takes b for B on SQLite, whose LIKE does."""

    lookup_name = "below"

    def as_sqlite(self, compiler, connection):
        field, parameters = self.process_lhs(compiler, connection)
        # What begins with "decor/" comes before "decor0", the next character, and nothing else does.
        return f"({field} >= %s AND {field} < %s)", [*parameters, f"{self.rhs}/", *parameters, f"{self.rhs}0"]

    def as_postgresql(self, compiler, connection):
        field, parameters = self.process_lhs(compiler, connection)
        return f"{field} ^@ %s", [*parameters, f"{self.rhs}/"]
