from .categories import Category
from .photos import Photo
from .products import Product
from .redirects import FormerAddress
from .variants import Variant

__all__ = ["Category", "FormerAddress", "Photo", "Product", "Variant"]
