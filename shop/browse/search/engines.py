"""The two implementations of matching: SQLite's FTS5 and PostgreSQL's full text."""

from django.db import connection
from django.db.models import F, FloatField, Func, Lookup, TextField, Value

from shop.fields.folding import BEYOND_ASCII

from ..models import SearchIndex

# Where a good answer will do, so many of what is found are compared.
COMPARED = 600


def coded(words):
    """Return folded words in ASCII, each other letter as a number of one length.

    The engines differ in what they take for a letter, and from one version to the next; on this they agree.
    """
    return words if words.isascii() else BEYOND_ASCII.sub(lambda found: f"x{ord(found[0]):07}", words)


class Sqlite:
    """Expressions in the language of FTS5; its rank is bm25 with the weights of sql/sqlite.sql."""

    def write(self, expression):
        match expression:
            case ("words", words, is_prefix):
                return f'"{coded(" ".join(words))}"{" *" if is_prefix else ""}'
            case ("not", wanted, unwanted):
                return f"({self.write(wanted)} NOT {self.write(unwanted)})"
            case (operator, *parts):
                return f"({f' {operator.upper()} '.join(map(self.write, parts))})"

    def condition(self, field, value):
        return f"{field} MATCH {value}"

    def place(self, written, prefix=""):
        """Return an expression, lower for better matches; prefix: the lookup from rows to the index."""
        return F(f"{prefix}rank")


class Postgresql:
    """Expressions as a tsquery of quoted words; its rank is by title, brand and category."""

    operators = {"and": " & ", "or": " | "}

    def write(self, expression):
        match expression:
            case ("words", words, is_prefix):
                *first, last = (f"'{coded(word)}'" for word in words)
                return f"({' <-> '.join([*first, last + ':*' * is_prefix])})"
            case ("not", wanted, unwanted):
                return f"({self.write(wanted)} & !{self.write(unwanted)})"
            case (operator, *parts):
                return f"({self.operators[operator].join(map(self.write, parts))})"

    def condition(self, field, value):
        return f"{field} @@ to_tsquery('browse', {value})"

    def place(self, written, prefix=""):
        query = Func(Value(written), template="to_tsquery('browse', %(expressions)s)")
        rank = "-ts_rank('{0, 0.3, 0.7, 1}', %(expressions)s, 1)"
        return Func(F(f"{prefix}rank"), query, template=rank, output_field=FloatField())


ENGINES: dict[str, Sqlite | Postgresql] = {"sqlite": Sqlite(), "postgresql": Postgresql()}


def matching(products, expression):
    """Return the products (a queryset) that an expression of shop.browse.search.query matches."""
    # As a subquery, so that SQLite asks the index once, and not for each product.
    found = SearchIndex.objects.filter(words__matches=_engine().write(expression))
    return products.filter(pk__in=found.values("pk"))


def best_matching(products, expression):
    """Return the same, what the engine itself takes for the best first."""
    written = _engine().write(expression)
    return products.filter(search_index__words__matches=written).order_by(
        _engine().place(written, "search_index__"), "-pk"
    )


def good_matches(expression, most):
    """Return the keys of so many that are found, the best first; where there are many, some compete."""
    written = _engine().write(expression)
    found = SearchIndex.objects.filter(words__matches=written).annotate(place=_engine().place(written))
    return [pk for _, pk in sorted(found.values_list("place", "pk")[:COMPARED])[:most]]


@TextField.register_lookup
class Matches(Lookup):
    lookup_name = "matches"

    def as_sql(self, compiler, connection):
        field, _ = self.process_lhs(compiler, connection)
        value, parameters = self.process_rhs(compiler, connection)
        return ENGINES[connection.vendor].condition(field, value), parameters


def _engine():
    return ENGINES[connection.vendor]
