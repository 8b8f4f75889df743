"""Finding products: home, lists, categories, a seller's public page, search and suggestions.

views/         one module for each kind of page; cards.py: the list of cards they have in common
shelves.py     the rows of products on the home page
filters.py     the filters of a list; list_query.py: the canonical form of its query
filter_links.py       links that add and remove filters
product_results.py    the products of a list in order, a page at a time
facets.py      the filters on offer, with counts; attributes.py: those of specifications
search/        what is searched, how it is ranked and spelled, and its SQL
suggestions.py, zero_results.py  while somebody types; searches that found nothing
"""
