"""Specifications, which are lists of pairs in a column: how many products have which."""

import json
from collections import Counter, defaultdict

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import JSONField, Lookup, Sum

from .models import AttributeCount

# No URL asks for a longer "Name:Value", so none is offered (nor counted, see search/sql/).
LONGEST_ATTRIBUTE = 240
# A product that says the same twice counts once, as it is found once.
COUNT = """
WITH product (id, specifications) AS ({products})
SELECT {name}, {value}, COUNT(DISTINCT product.id) FROM product, {pairs} AS pair
WHERE {name} IN ({marks}) AND length({name}) + length({value}) < {longest} GROUP BY 1, 2
"""
WORDS = {
    "sqlite": {
        "name": "json_extract(pair.value, '$[0]')",
        "value": "json_extract(pair.value, '$[1]')",
        "pairs": "json_each(product.specifications)",
    },
    "postgresql": {
        "name": "pair ->> 0",
        "value": "pair ->> 1",
        "pairs": (
            "jsonb_array_elements(CASE jsonb_typeof(product.specifications)"
            " WHEN 'array' THEN product.specifications ELSE '[]' END)"
        ),
    },
}


def by_name(pairs):
    """Return {name: [values]} of pairs as they are in URLs, like "Material:Oak"."""
    values = defaultdict(list)
    for pair in pairs:
        name, _, value = pair.partition(":")
        values[name].append(value)
    return dict(values)


def is_offered(pair):
    """Whether a URL can ask for a pair."""
    return len(pair) == 2 and ":" not in pair[0] and len(":".join(pair)) <= LONGEST_ATTRIBUTE


def attribute_counts(categories, names):
    """Return {name: {value: how many listed products have it}} of some names, in categories (their keys)."""
    rows = AttributeCount.objects.filter(category__in=categories, name__in=names).order_by()
    return _by_name(rows.values_list("name", "value").annotate(Sum("n")), names)


def count_attributes(products, names):
    """Return {name: {value: how many products have it}} of some names, in products (a queryset)."""
    names = list(names)
    if not names:
        return {}
    try:
        rows, parameters = products.order_by().values("pk", "specifications").query.sql_with_params()
    except EmptyResultSet:
        return _by_name([], names)
    marks = ", ".join(["%s"] * len(names))
    count = COUNT.format(products=rows, marks=marks, longest=LONGEST_ATTRIBUTE, **WORDS[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(count, [*parameters, *names])
        return _by_name(cursor.fetchall(), names)


def _by_name(rows, names):
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for name, value, count in rows:
        counts[name][value] = count
    return counts


@JSONField.register_lookup
class HasPair(Lookup):
    """Whether a list of pairs, like specifications, has one: ("Material", "Oak")."""

    lookup_name = "has_pair"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        field, _ = self.process_lhs(compiler, connection)
        pair = "json_extract(value, '$[0]') = %s AND json_extract(value, '$[1]') = %s"
        exists = f"EXISTS (SELECT 1 FROM json_each({field}) WHERE {pair})"  # noqa: S608 - a column's name
        return exists, list(self.rhs)

    def as_postgresql(self, compiler, connection):
        field, _ = self.process_lhs(compiler, connection)
        # What contains the pair is quickly found, and may have it the other way around.
        path = "strict $[*] ? (@[0] == $pair[0] && @[1] == $pair[1])"
        exists = f"jsonb_path_exists({field}, '{path}', jsonb_build_object('pair', %s::jsonb), true)"
        return f"({field} @> %s::jsonb AND {exists})", [json.dumps([self.rhs]), json.dumps(self.rhs)]
