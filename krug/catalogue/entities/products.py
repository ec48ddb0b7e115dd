"""How products and their groups present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.catalogue.models import Product, ProductCategory
from krug.kernel.entity import Entity, Section
from krug.kernel.visibility import everyone

PRODUCT = Entity(
    code="product",
    model=Product,
    label=_("Product"),
    new=_("New product"),
    plural=_("Products"),
    icon="product",
    menu="settings/products",
    visible=everyone,
    columns=("name_ru", "name_en", "code", "category", "series", "price", "uom"),
    filters=("code", "category", "series", "is_service", "price", "currency"),
    sorts=("code", "name_ru", "name_en", "price"),
    search={"name_ru": "A", "name_en": "A", "code": "A", "series": "C"},
    alike={"code": "code", "series": "name"},
    quick=("code", "name_ru", "name_en", "price"),
    form=(
        Section(_("Product"), "code", "name_ru", "name_en", "category", "series", "is_service"),
        Section(_("Price"), "price", "currency", "uom"),
    ),
    order="code",
    owner="",
)
PRODUCT_CATEGORY = Entity(
    code="product-category",
    model=ProductCategory,
    label=_("Product category"),
    new=_("New product category"),
    plural=_("Product categories"),
    plural_code="product-categories",
    icon="tree",
    menu="settings/products",
    visible=everyone,
    columns=("name_ru", "name_en", "parent"),
    filters=("parent",),
    form=(Section(_("Product category"), "name_ru", "name_en", "parent"),),
    order="id",
    owner="",
)
