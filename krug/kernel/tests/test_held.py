"""What is held once already is told by its fields, and by the record in the way to whoever may see it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from krug.catalogue.models import Product
from krug.catalogue.testing import make_product
from krug.kernel.errors import Invalid
from krug.kernel.held import told_by_fields
from krug.kernel.registry import entities, get_entity
from krug.kernel.writing import change, check

pytestmark = pytest.mark.django_db


def test_the_field_and_the_record_that_holds_it_are_named(gleb):
    first, second = make_product(code="N-17"), make_product(code="N-18")
    with translation.override("ru"), pytest.raises(Invalid) as no:
        change(get_entity("product"), second, {"code": "N-17"}, by=gleb)
    fault = no.value.faults[0]
    assert (fault.field, fault.code, fault.hint) == ("code", "UNIQUE", f"/products/{first.pk}/")
    assert fault.message.startswith("Такая запись уже есть, с тем же значением: артикул.")
    assert f"№ {first.pk}" in fault.message
    assert set(Product.objects.values_list("code", flat=True)) >= {"N-17", "N-18"}


def test_without_a_reader_the_record_in_the_way_is_not_named(gleb):
    make_product(code="N-17")
    with pytest.raises(Invalid) as no:
        check(Product(code="N-17", name_ru="Насос"))
    assert all("№" not in str(fault.message) and not fault.hint for fault in no.value.faults)


def test_no_rule_of_any_type_speaks_of_itself_by_its_raw_name():
    for entity in entities():
        for known in entity.model._meta.constraints:
            message = known.get_violation_error_message()
            if known.violation_error_message != known.default_violation_error_message:
                continue
            told = told_by_fields(entity.model(), ValidationError(message), None)
            assert told is not None, known.name
            assert known.name not in str(told.message)
