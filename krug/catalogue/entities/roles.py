"""What the shipped roles may do with the catalogue."""

from krug.administration.actions.shipped_roles import seen_by_employees

SEEN = seen_by_employees("product", "product-category")
