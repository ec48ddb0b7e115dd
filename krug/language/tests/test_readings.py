"""The search box understands the wrong layout, the other alphabet, a slip of the finger and numbers in any form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krug.language.readings import (
    Reading,
    digits_of,
    near_words,
    normalise,
    readings,
    sort_key,
    typo_readings,
)


@pytest.mark.parametrize(
    ("query", "kind", "text"),
    [
        ("atljhjdf", "layout", "федорова"),
        ("ыуисуе", "layout", "sebcet"),
        ("[kt,", "layout", "хлеб"),
        (";er", "layout", "жук"),
        ("шмфтщмюсщь", "layout", "ivanov com"),
        ("fedorova", "transliteration", "федорова"),
        ("Фёдорова", "transliteration", "fedorova"),
        ("chernyshevsky", "transliteration", "чернышевский"),
        ("Sergey", "transliteration", "сергей"),
        ("0142", "digits", "0142"),
        ("8 (812) 555 01 42", "digits", "8125550142"),
        ("+7 812 555-01-42", "digits", "8125550142"),
        ("8-10-7-812-555-01-42", "digits", "8125550142"),
        ("7707083893", "digits", "7707083893"),
        ("№ 1042", "digits", "1042"),
        ("Фёдорова", "as_typed", "федорова"),
    ],
)
def test_a_query_has_this_reading(query, kind, text):
    assert Reading(kind, text) in readings(query)


def test_the_typed_text_comes_first_and_no_reading_comes_twice():
    read = readings("Фёдорова")
    assert read[0] == Reading("as_typed", "федорова")
    assert len({(one.kind, one.text) for one in read}) == len(read)


@pytest.mark.parametrize("query", ["", " ", "к", "!", "«»"])
def test_too_little_has_no_reading(query):
    assert readings(query) == []


def test_a_name_gives_no_digits_and_a_short_number_none_either():
    assert {one.kind for one in readings("GTX 1042 Pro")} == {"as_typed", "layout", "transliteration"}
    assert [one.kind for one in readings("123")] == ["as_typed"]


def test_letters_that_would_become_signs_are_not_another_layout():
    assert "layout" not in {one.kind for one in readings("жук")}


def test_a_slip_in_a_long_word_is_mended_by_the_words_that_occur():
    words = ["северный", "ветер", "север", "волга", "трейд", "федорова"]
    assert typo_readings("северный втер", words) == [Reading("typo", "северный ветер")]
    assert typo_readings("фдеорова", words) == [Reading("typo", "федорова")]
    assert typo_readings("севрный вет", words) == [Reading("typo", "северный вет")]
    assert typo_readings("северный вет", words) == []
    assert typo_readings("яяяя", words) == []


def test_short_words_are_not_guessed():
    assert near_words("дом", ["домик", "доме"]) == []
    assert near_words("дома", ["доми", "дым"]) == []


def test_texts_are_stored_in_one_case_without_marks():
    assert normalise("  «Северный-Ветер», ООО!  ") == "северный ветер ооо"
    assert normalise("ЁЖИК") == "ежик"
    assert normalise("и\u0306од") == "йод"


def test_yo_sorts_right_after_ye():
    names = ["Яков", "яков", "Жуков", "Ёлкин", "Елкин", "Ёжик", "Абрам", "иванов"]
    assert sorted(names, key=lambda name: (sort_key(name), name)) == [
        "Абрам",
        "Елкин",
        "Ёжик",
        "Ёлкин",
        "Жуков",
        "иванов",
        "Яков",
        "яков",
    ]


def test_a_phone_is_ten_digits_however_it_is_written():
    written = ("+7 812 555-01-42", "8 (812) 555 01 42", "88125550142", "8125550142", "7(812)5550142")
    assert {digits_of(text) for text in written} == {"8125550142"}
    assert digits_of("770708389312") == "770708389312"


@given(st.text(max_size=60))
def test_no_query_breaks_the_box(query):
    for reading in readings(query):
        assert len(reading.text) >= 2
        assert reading.text == normalise(reading.text)


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя ", max_size=40))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
