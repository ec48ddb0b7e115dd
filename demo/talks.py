"""Chapter five: what was said with customers in the last weeks, and what is to be done."""

from __future__ import annotations

from datetime import time, timedelta

from demo.acts import begin_told_act
from demo.clock import Clock
from demo.customers import Told, cards
from krug.access.models import User
from krug.activities.actions.calls import Rung, register_call
from krug.activities.actions.interactions import Said, log_interaction
from krug.activities.actions.obligations import Promise, give_obligation
from krug.activities.actions.tasks import NextStep, complete_task, plan_task, postpone_task
from krug.activities.models import Call, Obligation, PhoneExtension, PhoneLine, Task

CALLS = (
    ("call_out", "Представился, рассказал о новой серии. Просят каталог.", "Дозвонился"),
    ("call_in", "Спрашивают срок поставки муфт М-2. Обещал уточнить на складе.", "Просит КП"),
    ("letter", "Отправил каталог и прайс-лист.", ""),
    ("call_out", "Не взял трубку, секретарь просит перезвонить после обеда.", "Нет ответа"),
    ("message", "Прислали фото шильдика старого насоса, подбираем замену.", ""),
    ("meeting", "Показали стенд, обсудили сервисный договор.", "Интерес"),
    ("call_in", "Жалуются на шум после пуска. Передал инженеру.", ""),
    ("visit", "Осмотрел насосную, снял показания, оставил рекомендации.", ""),
    ("call_out", "Уточнил реквизиты для договора, всё верно.", "Дозвонился"),
)
NEXT = ("Перезвонить", "Отправить подбор", "Уточнить срок на складе", "Назначить встречу", "Прислать образец договора")
OWN = (
    ("sokolov", "Северный Ветер", "Позвонить Фёдоровой: сервис на 2027 год", -3, None),
    ("sokolov", "Ладога-Тепло", "Узнать дату торгов по котельной № 3", 0, time(11, 30)),
    ("sokolov", "Нева-Пак", "Отвезти образец уплотнения", 1, time(10, 0)),
    ("sokolov", "", "Сдать авансовый отчёт", 1, None),
    ("belova", "Вектор-Реклама", "Заказать буклеты к выставке", 2, None),
    ("lebedeva", "", "Планёрка отдела: отстающие сделки", 0, time(16, 0)),
    ("zhukov", "Восток-Порт", "Собрать чемодан на пусконаладку", 3, None),
)


PROMISES = (
    ("sokolov", "Северный Ветер", Obligation.Side.OURS, "Прислать чертёж рамы насоса НС-40", -1),
    ("sokolov", "Северный Ветер", Obligation.Side.THEIRS, "Подписать договор на сервис", 4),
    ("sokolov", "Ладога-Тепло", Obligation.Side.THEIRS, "Сообщить решение по котельной № 3", 2),
    ("sokolov", "Нева-Пак", Obligation.Side.OURS, "Привезти образец уплотнения", 1),
    ("zhukov", "Восток-Порт", Obligation.Side.OURS, "Согласовать день пусконаладки", 3),
)


LINES = (("Отдел продаж", "+78125550200", "belova"), ("Сервис", "+78125550201", "kuzmin"))
EXTENSIONS = (("101", "sokolov"), ("102", "morozova"), ("110", "belova"), ("120", "kuzmin"))
RINGS = (
    ("+78125550142", "in", "answered", 0, "sokolov", "Просят расчёт на второй насос"),
    ("+78125550142", "in", "missed", 0, "", ""),
    ("+79210000017", "in", "missed", 1, "", ""),
    ("+78125550142", "out", "answered", 0, "sokolov", "Уточнили срок"),
    ("", "in", "missed", 0, "", ""),
    ("+79210000031", "in", "answered", 1, "kuzmin", "Шум после пуска, записали обращение"),
    ("+78125550177", "out", "no_answer", 0, "morozova", ""),
)
RUNG_DAYS = 21


def tell_talks(clock: Clock, people: dict[str, User], told: Told) -> None:
    """Calls, letters, meetings and visits of the last weeks, with next steps overdue, of today and of tomorrow."""
    for card in cards():
        if not told.people_of[card.name]:
            continue
        for turn in range(2 + card.number % 2 + 2 * (card.number == 1)):
            _talk(clock, people, told, customer=card.name, number=card.number + turn * 5, by=people[card.seller])
    clock.set(-2, 16, 20)
    for login, customer, name, days, at in OWN:
        by = people[login]
        begin_told_act(by)
        due = clock.today + timedelta(days=days)
        plan_task(NextStep(name=name, due_on=due, due_time=at), by=by, party=told.parties.get(customer))
    for login, customer, side, name, days in PROMISES:
        by = people[login]
        begin_told_act(by)
        promise = Promise(side=side, name=name, due_on=clock.today + timedelta(days=days))
        give_obligation(promise, by=by, party=told.parties[customer])
    _tell_calls(clock, people)
    _register_caller(clock, people, told)


def _tell_calls(clock: Clock, people: dict[str, User]) -> None:
    """Three weeks of the telephone: more on Tuesdays before noon; some missed, most of them called back."""
    begin_told_act(people["belova"])
    lines = [PhoneLine.objects.create(name=name, number=number, owner=people[login]) for name, number, login in LINES]
    for number, login in EXTENSIONS:
        PhoneExtension.objects.create(number=number, employee=people[login])
    for day in range(-RUNG_DAYS, 0):
        if (clock.today + timedelta(days=day)).weekday() > 4:  # the days of an office
            continue
        for turn in range(2 + 3 * ((clock.today + timedelta(days=day)).weekday() == 1)):
            number, direction, result, line, login, topic = RINGS[(day * 3 + turn) % len(RINGS)]
            clock.set(day, 9 + (turn * 2 + day * 5) % 9, (day * 17 + turn * 7) % 60)
            began, by = clock.now(), people[login or "belova"]
            begin_told_act(by)
            talked = timedelta(minutes=2 + turn) if result == Call.Result.ANSWERED else None
            register_call(
                Rung(
                    number=number, direction=direction, result=result, started_at=began, line=lines[line], topic=topic,
                    employee=people[login] if login else None,
                    answered_at=began + timedelta(seconds=9) if talked else None,
                    ended_at=began + timedelta(seconds=30) + (talked or timedelta()),
                ),
                by=by,
            )  # fmt: skip


def _talk(clock: Clock, people: dict[str, User], told: Told, *, customer: str, number: int, by: User) -> None:
    kind, text, outcome = CALLS[number % len(CALLS)]
    days = -1 - number * 3 % 38
    clock.set(days, 9 + number % 9, number * 13 % 60)
    begin_told_act(by)
    them = told.people_of[customer]
    said = Said(
        kind=kind, text=text, outcome=outcome, at=clock.now(), minutes=3 + number % 25 if "call" in kind else None,
        contacts=them if kind == "meeting" else [them[number % len(them)]],
        colleagues=[people["zhukov"]] if kind in ("visit", "meeting") else (),
        curator=people["lebedeva"] if kind == "meeting" and number % 2 else by,
    )  # fmt: skip
    if number % 3 == 2:
        log_interaction(told.parties[customer], said, by=by)
        return
    step = NextStep(name=NEXT[number % len(NEXT)], due_on=clock.today + timedelta(days=days + 4))
    interaction = log_interaction(told.parties[customer], said, by=by, next_step=step)
    _go_on(clock, interaction.tasks.get(), days + 4, number, by)


def _go_on(clock: Clock, task: Task, due: int, number: int, by: User) -> None:
    """Old steps were done, some were postponed; a few wait overdue."""
    if due >= 0 or number % 11 == 3:
        return
    clock.set(min(due, -1), 17, number % 60)
    begin_told_act(by)
    if number % 7 == 4:
        postpone_task(task, by=by, due_on=clock.today + timedelta(days=number % 5), reason="Просят позже")
    else:
        complete_task(task, by=by, outcome="Сделано")


def _register_caller(clock: Clock, people: dict[str, User], told: Told) -> None:
    """The secretary takes a call for a colleague."""
    clock.set(-1, 12, 5)
    by = people["belova"]
    begin_told_act(by)
    said = Said(
        kind="call_in", text="Просят Соколова перезвонить насчёт отгрузки.", at=clock.now(), curator=people["sokolov"],
        contacts=told.people_of["Северный Ветер"][:1],
    )  # fmt: skip
    step = NextStep(name="Перезвонить насчёт отгрузки", due_on=clock.today, assignee=people["sokolov"])
    log_interaction(told.parties["Северный Ветер"], said, by=by, next_step=step)
