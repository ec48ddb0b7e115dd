"""What we sell: products and services in their groups."""

from krug.catalogue.models.products import Product, ProductCategory

__all__ = ["Product", "ProductCategory"]
