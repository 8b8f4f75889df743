from .categories import Category
from .photos import Photo
from .products import Product
from .redirects import Redirect
from .variants import Variant

__all__ = ["Category", "Photo", "Product", "Redirect", "Variant"]
