"""Names that nobody gave: companies and people put together from common words, three of four in Russian."""

from __future__ import annotations

from random import Random

RUSSIAN_SHARE = 0.75


def listed(text: str) -> tuple[str, ...]:
    """The words of a line."""
    return tuple(text.split())


ADJECTIVES = listed(
    "Северный Южный Волжский Уральский Сибирский Невский Балтийский Донской Окский Камский Ладожский Алтайский"
    " Приморский Амурский Байкальский Кубанский Полярный Степной Лесной Речной Морской Горный Первый Новый Единый"
    " Городской Областной Центральный Восточный Западный Красный Белый Зелёный Светлый Тёплый Быстрый Точный"
)
NOUNS = listed(
    "завод комбинат цех дом двор склад порт узел центр союз альянс проект ресурс стандарт прогресс импульс вектор"
    " горизонт контур форум гранит кедр маяк парус компас мост ключ родник поток ветер берег сокол гарант старт темп"
)
FIELDS = listed(
    "насосов упаковки стекла бетона мебели тканей красок кабеля труб клапанов станков тепла воды рыбы хлеба молока"
    " зерна леса бумаги пластика металла связи света моторов приборов сервиса снабжения монтажа"
)
ENGLISH_FIRST = listed(
    "North South Silver Golden Bright Clear Rapid Prime Global Atlas Delta Harbor Summit River Stone Oak Maple Iron"
    " Copper Crystal Blue Red Green Grand Royal United Modern Classic Pioneer Liberty"
)
ENGLISH_SECOND = listed(
    "Pumps Systems Foods Textiles Glass Motors Tools Trading Logistics Energy Water Steel Paper Plastics Timber"
    " Ceramics Chemicals Bakery Fisheries Machinery Supplies Services Controls Devices Lighting"
)
ENGLISH_FORMS = ("Ltd", "Inc", "GmbH", "LLC", "& Sons")
SURNAMES = listed(
    "Алексеев Андреев Антонов Баранов Белов Беляев Богданов Борисов Быков Васильев Виноградов Волков Воробьёв Воронин"
    " Герасимов Голубев Горбунов Григорьев Громов Гусев Давыдов Данилов Дмитриев Егоров Ефимов Жуков Зайцев Захаров"
    " Иванов Ильин Казаков Калинин Карпов Киселёв Князев Ковалёв Козлов Комаров Королёв Кузнецов Кузьмин Лебедев"
    " Логинов Макаров Максимов Маслов Медведев Мельников Миронов Михайлов Морозов Назаров Никитин Николаев Новиков"
    " Орлов Осипов Павлов Петров Поляков Попов Романов Савельев Семёнов Сергеев Сидоров Смирнов Соболев Соколов"
    " Соловьёв Степанов Тарасов Титов Тихонов Фёдоров Филиппов Фомин Фролов Цветков Чернов Шестаков Щербаков Яковлев"
)
MEN = listed(
    "Александр Алексей Андрей Антон Борис Вадим Василий Виктор Владимир Глеб Григорий Денис Дмитрий Егор Иван Игорь"
    " Илья Кирилл Константин Максим Михаил Никита Николай Олег Павел Пётр Роман Семён Сергей Степан Тимофей Юрий"
)
WOMEN = listed(
    "Александра Алина Алла Анна Валентина Вера Галина Дарья Евгения Екатерина Елена Зоя Инна Ирина Ксения Лариса"
    " Людмила Марина Мария Надежда Наталья Нина Оксана Ольга Полина Раиса Светлана София Тамара Татьяна Юлия Яна"
)
FATHERS = listed(
    "Александров Алексеев Андреев Борисов Васильев Викторов Владимиров Григорьев Дмитриев Егоров Иванов Игорев"
    " Кириллов Константинов Максимов Михайлов Николаев Олегов Павлов Петров Романов Семёнов Сергеев Степанов Юрьев"
)
ENGLISH_GIVEN = listed(
    "Alice Anna Arthur Ben Clara Daniel David Edward Ella Emma Frank George Grace Henry Jack Jane John Kate Laura"
    " Leo Lucy Mark Mary Michael Nora Oliver Paul Peter Rose Sam Sarah Thomas"
)
ENGLISH_SURNAMES = listed(
    "Adams Baker Bell Brooks Brown Carter Clark Cole Cook Cooper Davis Evans Fisher Foster Gray Green Hall Harris Hill"
    " Hughes Jackson Johnson Jones King Lee Lewis Martin Miller Moore Morgan Murphy Parker Reed Roberts Scott Smith"
    " Taylor Turner Walker Ward Watson White Wilson Wood Wright Young"
)
CITIES = (
    ("Москва", "Москва", "Europe/Moscow"),
    ("Санкт-Петербург", "Санкт-Петербург", "Europe/Moscow"),
    ("Новосибирск", "Новосибирская область", "Asia/Novosibirsk"),
    ("Екатеринбург", "Свердловская область", "Asia/Yekaterinburg"),
    ("Казань", "Республика Татарстан", "Europe/Moscow"),
    ("Самара", "Самарская область", "Europe/Samara"),
    ("Омск", "Омская область", "Asia/Omsk"),
    ("Пермь", "Пермский край", "Asia/Yekaterinburg"),
    ("Воронеж", "Воронежская область", "Europe/Moscow"),
    ("Владивосток", "Приморский край", "Asia/Vladivostok"),
    ("Калининград", "Калининградская область", "Europe/Kaliningrad"),
    ("Иркутск", "Иркутская область", "Asia/Irkutsk"),
)
TALKS = (
    "Обсудили сроки поставки, ждут счёт до конца недели.",
    "Просят прислать предложение с двумя вариантами оплаты.",
    "Не дозвонился, секретарь просит перезвонить после обеда.",
    "Подтвердили получение документов, замечаний нет.",
    "Жалуются на шум после пуска, передал инженеру.",
    "Согласовали комплектацию, договор у юристов.",
    "Спросили о наличии уплотнений, уточняю на складе.",
    "Договорились о встрече на заводе в четверг.",
    "Asked for a new quotation with delivery to the port.",
    "Confirmed the order, payment expected next week.",
    "Complained about the delay, promised to call back.",
    "Discussed the service contract for the coming year.",
)
POSITIONS = ("закупки", "директор", "инженер", "главный механик", "бухгалтер", "Purchasing", "Engineer")


def company(random: Random, number: int) -> str:
    """A name of a company; the number keeps namesakes apart."""
    if random.random() >= RUSSIAN_SHARE:
        first, second = random.choice(ENGLISH_FIRST), random.choice(ENGLISH_SECOND)
        return f"{first} {second} {number % 9973} {random.choice(ENGLISH_FORMS)}"
    pattern = random.random()
    if pattern < 0.4:
        return f"{random.choice(ADJECTIVES)} {random.choice(NOUNS)} {random.choice(FIELDS)} {number % 997}"
    if pattern < 0.8:
        return f"{random.choice(NOUNS).title()}-{random.choice(FIELDS)}-{number % 4999}"
    return f"ТД «{random.choice(ADJECTIVES)} {random.choice(NOUNS)}» {number % 2999}"


def person(random: Random) -> tuple[str, str, str]:
    """Surname, given name and patronymic."""
    if random.random() >= RUSSIAN_SHARE:
        return random.choice(ENGLISH_SURNAMES), random.choice(ENGLISH_GIVEN), ""
    surname, father = random.choice(SURNAMES), random.choice(FATHERS)
    if random.random() < 0.5:
        return surname, random.choice(MEN), f"{father}ич"
    return f"{surname}а", random.choice(WOMEN), f"{father}на"
