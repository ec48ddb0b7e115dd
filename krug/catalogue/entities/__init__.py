"""How products present themselves."""

from krug.catalogue.entities.products import PRODUCT, PRODUCT_CATEGORY
from krug.kernel.registry import register

register(PRODUCT, PRODUCT_CATEGORY)
