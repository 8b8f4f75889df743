"""A search: from what was typed to the products found, the best first."""

from dataclasses import replace
from functools import cached_property

from ..models import SearchDocument
from .engines import best_matching, matching
from .query import Query
from .ranking import WEIGHTS, best_first
from .spelling import corrections

# With fewer products that have all the words, those with some of them follow.
FEW = 12
# So many are put in order; beyond it one narrows, or sorts in another way.
RANKED = 360
FILLED = 96


class Search:
    """What a text finds among products (a queryset).

    The text is read as words that must all occur; failing that its last word may be the beginning of one;
    failing that words that nobody uses are corrected, unless is_literal; and where few have all, those that
    have some follow.
    """

    def __init__(self, text, products, is_literal=False):
        self.text, self.products, self.is_literal = text, products, is_literal
        self._counts = {}

    @cached_property
    def asked(self):
        """The Query, without the joined words that nothing has: among a million products they cost."""
        query = Query.parse(self.text)
        joined = {word: matching(self.products, ("words", (word,), False)) for word in query.joined.values()}
        return replace(query, unused=frozenset(word for word, found in joined.items() if not found.exists()))

    @cached_property
    def corrections(self):
        if self.is_literal or self._count(self.asked.with_all()) or self._count(self.asked.with_all(True)):
            return {}
        return corrections(self.asked, self.products)

    @cached_property
    def query(self):
        """The Query that is answered."""
        return self.asked.corrected(self.corrections)

    @cached_property
    def expression(self):
        """What all products found match, but for those that fill up."""
        exactly, completed = self.query.with_all(), self.query.with_all(completes=True)
        return exactly if self._count(exactly) else completed

    @cached_property
    def fills_up(self):
        """Whether products are shown that have only some of the words."""
        return self._count(self.expression) < FEW and (len(self.query.terms) > 1)

    @cached_property
    def has_all(self):
        """Whether there are products that have all of the words."""
        return self._count(self.expression) > 0

    def narrow(self, products):
        """Return the products (a queryset, which may be narrowed otherwise) that are found, in no order."""
        if not self.query:
            return products.none()
        if self.fills_up:
            return products.filter(pk__in=self._filling)
        return matching(products, self.expression)

    def best(self, products):
        """Return the primary keys of at most RANKED of the products that are found, the best first."""
        if not self.query:
            return []
        if self.fills_up:
            kept = set(products.filter(pk__in=self._filling).values_list("pk", flat=True))
            return [pk for pk in self._filling if pk in kept]
        return self._ranked(products, self.expression)

    @cached_property
    def _filling(self):
        return self._ranked(self.products, self.query.with_some())[:FILLED]

    def _ranked(self, products, expression):
        best = best_matching(products, expression).values_list("pk", flat=True)[:RANKED]
        order = {pk: position for position, pk in enumerate(best)}
        documents = SearchDocument.objects.filter(pk__in=list(order)).values("product_id", *WEIGHTS)
        documents = sorted(documents, key=lambda document: order[document["product_id"]])
        return [document["product_id"] for document in best_first(self.query.spellings, documents)]

    def _count(self, expression):
        """Return how many products match, counting no further than FEW."""
        if not self.asked:
            return 0
        if expression not in self._counts:
            found = matching(self.products, expression).order_by().values_list("pk", flat=True)
            self._counts[expression] = len(found[:FEW])
        return self._counts[expression]
