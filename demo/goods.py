"""Chapter two: what «Волна» sells."""

from __future__ import annotations

from decimal import Decimal

from demo.acts import begin_told_act
from demo.clock import Clock
from krug.access.models import User
from krug.catalogue.models import Product
from krug.kernel import writing
from krug.kernel.registry import get_entity

GROUPS = {
    "pumps": ("Насосы", "Pumps"),
    "stations": ("Насосные станции", "Pumping stations"),
    "parts": ("Запасные части", "Spare parts"),
    "services": ("Работы и услуги", "Works and services"),
}
PRODUCTS = (
    ("НС-9", "pumps", "Насос центробежный НС-9", "Centrifugal pump NS-9", "НС", "6 400"),
    ("НС-40", "pumps", "Насос центробежный НС-40", "Centrifugal pump NS-40", "НС", "12 000"),
    ("НС-65", "pumps", "Насос центробежный НС-65", "Centrifugal pump NS-65", "НС", "48 500"),
    ("НС-100", "pumps", "Насос центробежный НС-100", "Centrifugal pump NS-100", "НС", "126 000"),
    ("ПН-25", "pumps", "Погружной насос ПН-25", "Submersible pump PN-25", "ПН", "34 900"),
    ("ДН-6", "pumps", "Дозировочный насос ДН-6", "Dosing pump DN-6", "ДН", "27 300"),
    ("СТ-2", "stations", "Насосная станция СТ-2", "Pumping station ST-2", "СТ", "385 000"),
    ("СТ-3", "stations", "Насосная станция СТ-3", "Pumping station ST-3", "СТ", "612 000"),
    ("М-2", "parts", "Муфта М-2", "Coupling M-2", "М", "1 500"),
    ("ТУ-40", "parts", "Торцевое уплотнение ТУ-40", "Mechanical seal TU-40", "ТУ", "2 850"),
    ("РК-65", "parts", "Рабочее колесо РК-65", "Impeller RK-65", "РК", "9 700"),
    ("ШМР", "services", "Шеф-монтаж", "Supervised installation", "", "20 000"),
    ("ПНР", "services", "Пусконаладка", "Commissioning", "", "45 000"),
    ("СО-12", "services", "Сервисное обслуживание, 12 месяцев", "Service, 12 months", "", "180 000"),
)


def tell_goods(clock: Clock, *, by: User) -> dict[str, Product]:
    """The groups and products, by article."""
    clock.set(-395, 11)
    begin_told_act(by)
    groups = {
        code: writing.create(get_entity("product-category"), {"name_ru": russian, "name_en": english}, by=by)
        for code, (russian, english) in GROUPS.items()
    }
    known = {product.code: product for product in Product.objects.filter(code__in=[row[0] for row in PRODUCTS])}
    for code, group, russian, english, series, price in PRODUCTS:
        if code in known:
            continue
        values = {
            "code": code, "name_ru": russian, "name_en": english, "category": groups[group], "series": series,
            "price": Decimal(price.replace(" ", "")), "is_service": group == "services",
            "uom": "усл" if group == "services" else "шт",
        }  # fmt: skip
        known[code] = writing.create(get_entity("product"), values, by=by)
    return known
