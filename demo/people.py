"""Chapter one: the company «Волна» and the people who work there."""

from __future__ import annotations

import secrets

from demo.acts import begin_told_act
from demo.clock import Clock
from krug.access.models import Role, Team, User
from krug.administration.actions.company import describe_company, the_company
from krug.administration.actions.people import create_person
from krug.administration.actions.roles import take_role
from krug.kernel import writing
from krug.kernel.registry import get_entity

COMPANY, DOMAIN = "Волна", "volna.example"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
TEAMS = (
    ("Волна", "", ""),
    ("Продажи", "Волна", ""),
    ("Северо-Запад", "Продажи", "Санкт-Петербург"),
    ("Поволжье и Урал", "Продажи", "Самара"),
    ("Сибирь и Дальний Восток", "Продажи", "Новосибирск"),
    ("Маркетинг", "Волна", "Санкт-Петербург"),
    ("Сервис", "Волна", "Санкт-Петербург"),
    ("Офис", "Волна", "Санкт-Петербург"),
)
STAFF = (
    ("guseva", "Гусева Ольга Павловна", "administrator", "Офис", "Администратор системы"),
    ("vorontsov", "Воронцов Игорь Львович", "executive", "Волна", "Генеральный директор"),
    ("lebedeva", "Лебедева Вера Алексеевна", "head", "Продажи", "Руководитель продаж"),
    ("sokolov", "Соколов Андрей Викторович", "seller", "Северо-Запад", "Менеджер по продажам"),
    ("morozova", "Морозова Елена Дмитриевна", "seller", "Северо-Запад", "Менеджер по продажам"),
    ("timofeev", "Тимофеев Руслан Маратович", "head", "Поволжье и Урал", "Руководитель отдела"),
    ("orlov", "Орлов Пётр Сергеевич", "seller", "Поволжье и Урал", "Менеджер по работе с дилерами"),
    ("karimova", "Каримова Диана Рустамовна", "seller", "Поволжье и Урал", "Менеджер по продажам"),
    ("badmaev", "Бадмаев Баир Доржиевич", "seller", "Сибирь и Дальний Восток", "Менеджер по продажам"),
    ("zotova", "Зотова Нина Андреевна", "marketer", "Маркетинг", "Маркетолог"),
    ("zhukov", "Жуков Степан Ильич", "engineer", "Сервис", "Инженер-наладчик"),
    ("kuzmin", "Кузьмин Артём Олегович", "operator", "Сервис", "Оператор"),
    ("belova", "Белова Мария Игоревна", "secretary", "Офис", "Секретарь"),
)
HEADS = {"Волна": "vorontsov", "Продажи": "lebedeva", "Северо-Запад": "lebedeva", "Поволжье и Урал": "timofeev"}
ZONES = {"Поволжье и Урал": "Europe/Samara", "Сибирь и Дальний Восток": "Asia/Novosibirsk"}


def tell_people(clock: Clock, *, by: User) -> tuple[dict[str, User], list[tuple[str, str, str]]]:
    """The company, its teams and people; gives the people by their short name and the sign-ins."""
    clock.set(-400, 9)
    if the_company() is None:
        describe_company({"name": COMPANY, "currency": "RUB", "timezone": "Europe/Moscow", "language": "ru"}, by=by)
    begin_told_act(by)
    teams: dict[str, Team] = {}
    for name, parent, office in TEAMS:
        teams[name] = writing.create(
            get_entity("team"), {"name": name, "parent": teams.get(parent), "office": office}, by=by
        )
    people: dict[str, User] = {}
    signins = []
    for login, full_name, role, team, position in STAFF:
        person, password = _hire(login, full_name, teams[team], position, by=by)
        take_role(person, Role.objects.get(code=role), by=by)
        people[login] = person
        signins.append((person.email, password, f"{role}: {full_name}"))
    for name, login in HEADS.items():
        writing.change(get_entity("team"), teams[name], {"head": people[login]}, by=by)
    return people, signins


def _hire(login: str, full_name: str, team: Team, position: str, *, by: User) -> tuple[User, str]:
    surname, given_name, patronymic = full_name.split()
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    person = create_person(
        by=by, password=password, email=f"{login}@{DOMAIN}", surname=surname, given_name=given_name,
        patronymic=patronymic, team=team, position=position, timezone=ZONES.get(team.name, "Europe/Moscow"),
    )  # fmt: skip
    return person, password
