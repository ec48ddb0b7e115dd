"""How products present themselves."""

from krug.administration.actions.shipped_roles import ship
from krug.catalogue.entities.products import PRODUCT, PRODUCT_CATEGORY
from krug.catalogue.entities.roles import SEEN
from krug.kernel.registry import register

register(PRODUCT, PRODUCT_CATEGORY)
ship(SEEN)
