from .facets import FacetPanel
from .lists import CategoryDetail, ProductList
from .suggestions import SuggestionList

__all__ = ["CategoryDetail", "FacetPanel", "ProductList", "SuggestionList"]
