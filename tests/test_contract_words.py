"""In Russian no type shows an English word: not in its filters, columns, forms, acts or choices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from krug.kernel.fields import Field, Reading
from krug.kernel.listing.state import ListState
from krug.kernel.registry import get_entity
from krug.kernel.screens.filter_form import field_choices
from krug.kernel.testing.contract import codes

# What is written in Latin letters in Russian too: names of standards, of languages in themselves, of codes.
KEPT = {"GLN", "ID", "UTC", "English", "POST", "https"}
EXAMPLES = re.compile(r"\b[a-z]+(?:[.:*][\w.*:]*|://)|\b\d[\d.:]*\b")


def english(text: object) -> list[str]:
    """The English words of a text, without the examples of codes and addresses in it."""
    return [word for word in re.findall(r"[A-Za-z]{2,}", EXAMPLES.sub(" ", str(text))) if word not in KEPT]


def words_of(field: Field) -> Iterator[object]:
    yield from (field.label, field.hint)
    if "zone" not in field.name and "currency" not in field.name:
        yield from (label for _value, label in getattr(field, "choices", ()) or ())


@pytest.mark.django_db
@pytest.mark.parametrize("code", codes())
def test_no_filter_column_form_act_or_choice_of_any_type_shows_english_in_russian(code, gleb):
    entity = get_entity(code)
    reading = Reading(user=gleb, today=date(2026, 11, 21), language="ru")
    with translation.override("ru"):
        shown = [str(entity.label), str(entity.plural), *(str(section.title) for section in entity.sections)]
        shown += [label for label, _url in field_choices(entity, ListState(), reading)]
        for field in entity.fields.values():
            shown += map(str, words_of(field))
        for verb in entity.verbs:
            shown += [str(verb.label), str(verb.says or "")]
            shown += [str(words) for asked in verb.asks if isinstance(asked, Field) for words in words_of(asked)]
    assert {text: english(text) for text in shown if english(text)} == {}


def test_an_english_word_is_found_and_an_example_is_none():
    assert english("Created at") == ["Created", "at"]
    assert english("Например: deal.won party.* interaction:17, https://erp.local:80. GLN") == []
