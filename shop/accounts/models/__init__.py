from .applications import SellerApplication
from .people import User
from .sellers import Seller

__all__ = ["Seller", "SellerApplication", "User"]
