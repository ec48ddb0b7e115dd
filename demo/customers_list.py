"""The customers of «Волна» and their people, as told in chapter three. Every name is invented."""

from pathlib import Path

CUSTOMERS = (Path(__file__).parent / "customers.txt").read_text(encoding="utf-8")
INDUSTRIES = {
    "water": ("Водоснабжение", "Water supply"),
    "packing": ("Упаковка", "Packing"),
    "machines": ("Машиностроение", "Machine building"),
    "heat": ("Теплоснабжение", "Heat supply"),
    "food": ("Пищевая промышленность", "Food industry"),
    "textile": ("Текстиль", "Textiles"),
    "wood": ("Лес и бумага", "Wood and paper"),
    "glass": ("Стекло", "Glass"),
    "chemistry": ("Химия", "Chemistry"),
    "service": ("Сервис и монтаж", "Service and assembly"),
    "farming": ("Сельское хозяйство", "Farming"),
    "trade": ("Торговля", "Trade"),
    "energy": ("Энергетика", "Energy"),
    "mining": ("Добыча", "Mining"),
    "metal": ("Металлургия", "Metallurgy"),
    "hotel": ("Гостиницы и курорты", "Hotels and resorts"),
    "building": ("Строительство", "Building"),
    "port": ("Порты", "Ports"),
    "media": ("Реклама", "Advertising"),
}
SOURCES = {
    "fair": ("Выставка", "Fair"),
    "advice": ("Рекомендация", "Recommendation"),
    "site": ("Сайт", "Web site"),
    "tender": ("Тендерная площадка", "Tender platform"),
    "call": ("Холодный звонок", "Cold call"),
    "partner": ("Партнёр", "Partner"),
    "dealer": ("Дилер", "Dealer"),
}
GROUP = ("Ладога-Тепло", "Водоканал Подмосковья")
DEALERSHIP = ("Волга-Трейд", "dealer_of", "Волна")
SECOND_POSITION = ("Ким Валерий Тимурович", "Ладога-Тепло", "консультант по насосам")
