from .product import ProductForm

__all__ = ["ProductForm"]
