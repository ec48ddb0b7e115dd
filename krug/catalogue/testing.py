"""Products for tests and the demo company."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

from krug.access.models import User
from krug.catalogue.models import Product, ProductCategory
from krug.kernel import writing
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_user

_numbers = count(1)


def make_product_category(
    name: str = "", *, by: User | None = None, owner: User | None = None, **values: Any
) -> ProductCategory:
    """A group of products."""
    values.setdefault("name_ru", name or f"Группа {next(_numbers)}")
    return writing.create(get_entity("product-category"), values, by=by or owner or make_user())


def make_product(name: str = "", *, by: User | None = None, owner: User | None = None, **values: Any) -> Product:
    """A product with an article of its own and a price."""
    number = next(_numbers)
    values.setdefault("code", f"НС-{number}")
    values.setdefault("name_ru", name or f"Насос НС-{number}")
    values.setdefault("price", Decimal("120000.0000"))
    return writing.create(get_entity("product"), values, by=by or owner or make_user())


SAMPLES = {"product": make_product, "product-category": make_product_category}
