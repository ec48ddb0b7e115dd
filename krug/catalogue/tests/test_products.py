"""Products have an article of their own and a name in at least one language."""

from decimal import Decimal

import pytest

from krug.catalogue.models import Product
from krug.catalogue.testing import make_product, make_product_category
from krug.kernel.doors import create_record
from krug.kernel.errors import Invalid
from krug.kernel.registry import get_entity

PRODUCT = get_entity("product")


def test_a_product_is_made_with_article_and_price(anna, happened):
    product = create_record(
        PRODUCT, {"code": "НС-40", "name_ru": "Насос НС-40", "price": Decimal("120000.0000")}, by=anna
    )
    assert (str(product), product.uom, product.currency) == ("Насос НС-40", "шт", "RUB")
    assert happened() == ["RecordCreated"]


@pytest.mark.parametrize(
    "values",
    [{"code": "А-1"}, {"code": "", "name_en": "Pump"}, {"code": "А-1", "name_en": "Pump", "price": Decimal("-1")}],
)
def test_a_product_without_name_or_article_or_with_a_negative_price_is_refused(anna, happened, values):
    with pytest.raises(Invalid):
        create_record(PRODUCT, values, by=anna)
    assert not Product.objects.exists() and happened() == []


def test_an_article_stands_once(anna):
    make_product(code="НС-40", by=anna)
    with pytest.raises(Invalid):
        make_product(code="НС-40", by=anna)


def test_a_category_is_not_part_of_itself(anna):
    category = make_product_category(by=anna)
    category.parent = category
    with pytest.raises(Invalid):
        from krug.kernel.writing import check

        check(category)
