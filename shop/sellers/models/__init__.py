from .applications import SellerApplication
from .sellers import Seller

__all__ = ["Seller", "SellerApplication"]
