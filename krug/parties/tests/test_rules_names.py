"""Names of people are taken apart and names of companies compared, however they were typed."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krug.kernel.testing.shared import shared
from krug.language.company_names import company_key, legal_form_in
from krug.parties.rules.person_names import PersonName, gender_of, split_person_name

NB = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "surname", "given_name", "patronymic"),
    [
        ("Фёдорова Анна Сергеевна", "Фёдорова", "Анна", "Сергеевна"),
        ("Анна Сергеевна Фёдорова", "Фёдорова", "Анна", "Сергеевна"),
        ("Anna Fedorova", "Fedorova", "Anna", ""),
        ("Fedorova, Anna", "Fedorova", "Anna", ""),
        ("Anna Sergeevna Fedorova", "Fedorova", "Anna", "Sergeevna"),
        ("Анна Сергеевна", "", "Анна", "Сергеевна"),
        ("Никита Кузьмич", "", "Никита", "Кузьмич"),
        ("Фёдорова Анна", "Фёдорова", "Анна", ""),
        ("Анна Фёдорова", "Фёдорова", "Анна", ""),
        ("Марина Фёдорова", "Фёдорова", "Марина", ""),
        ("Фёдорова", "Фёдорова", "", ""),
        ("Анна", "", "Анна", ""),
        ("Фёдорова А. С.", "Фёдорова", "А.", "С."),
        ("Фёдорова А.С.", "Фёдорова", "А.", "С."),
        ("А.С. Фёдорова", "Фёдорова", "А.", "С."),
        ("ФЁДОРОВА АННА СЕРГЕЕВНА", "Фёдорова", "Анна", "Сергеевна"),
        ("иванов иван", "Иванов", "Иван", ""),
        ("Роман Аркадьевич Абрамович", "Абрамович", "Роман", "Аркадьевич"),
        ("Абрамович Роман Аркадьевич", "Абрамович", "Роман", "Аркадьевич"),
        ("Абрамович Роман", "Абрамович", "Роман", ""),
        ("Салтыков-Щедрин Михаил Евграфович", "Салтыков-Щедрин", "Михаил", "Евграфович"),
        ("Алиев Гусейн Мамед оглы", "Алиев", "Гусейн", "Мамед оглы"),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig", ""),
        ("Darcel Schlecht", "Schlecht", "Darcel", ""),
        ("", "", "", ""),
    ],
)
def test_a_name_typed_in_one_line_is_taken_apart(typed, surname, given_name, patronymic):
    assert split_person_name(typed) == PersonName(surname, given_name, patronymic)


def test_a_name_has_its_short_and_spoken_forms():
    anna = split_person_name("Фёдорова Анна Сергеевна")
    assert anna.short("ru") == f"Фёдорова{NB}А.{NB}С."
    assert anna.spoken("ru") == "Анна Сергеевна"
    assert anna.full("en") == "Anna Fedorova"


@pytest.mark.parametrize(
    ("typed", "gender"),
    [("Фёдорова Анна Сергеевна", "f"), ("Ткач Антон Вячеславович", "m"), ("Иванов Ян", "m"), ("Ли Вэй", "")],
)
def test_the_gender_for_the_salutation(typed, gender):
    assert gender_of(split_person_name(typed)) == gender


def test_the_patronymics_of_the_shared_set_are_recognised_and_tell_the_gender():
    with shared("data/names_ru/midnames.gender.sample.tsv").open(encoding="utf-8-sig") as rows:
        sample = [row for row in csv.DictReader(rows, delimiter="\t") if row["gender"] in ("мр", "жр")]
    wrong = [
        row
        for row in sample
        if (name := split_person_name(f"Ким Ян {row['lemma'].capitalize()}")).patronymic == ""
        or gender_of(name) != {"мр": "m", "жр": "f"}[row["gender"]]
    ]
    assert len(wrong) / len(sample) < 0.02, wrong[:20]


def test_whole_names_of_the_shared_set_come_apart_in_either_order():
    with shared("data/names_ru/people.tsv").open(encoding="utf-8-sig") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            surname, given_name, patronymic = row["lastname"], row["firstname"], row["midname"]
            if not (surname and given_name and patronymic):
                continue
            expected = PersonName(surname, given_name, patronymic)
            assert split_person_name(f"{surname} {given_name} {patronymic}") == expected
            assert split_person_name(f"{given_name} {patronymic} {surname}") == expected


@given(st.text(max_size=60))
def test_no_text_breaks_the_splitting(text):
    name = split_person_name(text)
    assert name.short("ru") is not None
    assert name.full("en") is not None


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "ООО «Северный Ветер»",
            "Северный ветер, ООО",
            '"Северный Ветер"',
            "Общество с ограниченной ответственностью «Северный ветер»",
            "СЕВЕРНЫЙ ВЕТЕР",
        ),
        ("Волга-Трейд", "ООО Волга — Трейд", "волга‑трейд ООО"),
        ("Acme Corporation", "ACME, Inc.", "Acme LLC"),
        ("Siemens GmbH & Co. KG", "SIEMENS"),
        ("ПАО Сбербанк", "Сбербанк, публичное акционерное общество"),
        ("Ёлки", "Елки ООО"),
        ("ИП Фёдорова А. С.", "Индивидуальный предприниматель Федорова А.С."),
    ],
)
def test_spellings_of_one_company_have_one_key(spellings):
    assert len({company_key(name) for name in spellings}) == 1


def test_different_companies_keep_different_keys():
    names = ["Северный Ветер", "Южный Ветер", "АО Ветер Плюс", "GTX Pro", "GTX Basic", "S.A. Group", "АО"]
    assert len({company_key(name) for name in names}) == len(names)


def test_a_name_that_is_nothing_but_a_form_stays():
    assert company_key("АО") == "АО"
    assert company_key("ЗАО «АО»") == "АО"
    assert company_key("") == ""


def test_the_legal_form_is_found_where_it_stands():
    assert legal_form_in("ООО «Северный Ветер»") == "ООО"
    assert legal_form_in("Acme, Inc.") == "Inc"
    assert legal_form_in("Северный Ветер") == ""


@given(st.text(max_size=80))
def test_a_key_of_a_key_is_the_key(name):
    assert company_key(company_key(name)) == company_key(name)
