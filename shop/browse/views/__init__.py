from .facets import FacetPanel
from .home import Home, page_not_found
from .lists import CategoryDetail, ProductList
from .sellers import SellerDetail
from .suggestions import SuggestionList

__all__ = [
    "CategoryDetail",
    "FacetPanel",
    "Home",
    "ProductList",
    "SellerDetail",
    "SuggestionList",
    "page_not_found",
]
