"""Both languages on the same address: the place stays, no Russian word of the product remains, numbers agree."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect

from tests.journeys.product import PROJECT

CATALOGUE = Path(PROJECT) / "locale" / "ru" / "LC_MESSAGES" / "django.po"
CYRILLIC = re.compile(r"[А-Яа-яЁё]{2,}")
PLACEHOLDER = re.compile(r"%\\\(\w+\\\)s|%\\\(\w+\\\)d|%s|\\\{\w*\\\}")
TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode.textContent);
    for (const one of document.querySelectorAll('[aria-label], [title], [placeholder]'))
        texts.push(one.ariaLabel ?? '', one.title, one.placeholder ?? '');
    return [...new Set(texts.map(text => text.trim()).filter(Boolean))];
}"""
ADDRESSES = ("/", "/parties/1/", "/deals/?view=board", "/deals/1/", "/reports/funnel/", "/parties/quick/", "/log/",
             "/tasks/new/", "/tasks/?view=calendar", "/import/", "/settings/", "/help/", "/me/")  # fmt: skip
# The language itself, a paper as the demo company called it, and tasks in the words of whoever is to do them.
NAMES = {"Русский", "Накладная", "Перезвонить", "Следующий шаг"}


@pytest.fixture(scope="module")
def russian_words() -> re.Pattern[str]:
    """Every Russian text of the product, as one pattern."""
    with CATALOGUE.open("rb") as file:
        said = [one.string for one in read_po(file) if one.id]
    forms = [form for text in said for form in ([text] if isinstance(text, str) else text)]
    own = sorted({form for form in forms if form and CYRILLIC.search(form)}, key=len, reverse=True)
    return re.compile("|".join(PLACEHOLDER.sub(".+?", re.escape(text)) for text in own))


def test_no_russian_word_of_the_product_remains_in_english(sit_down, russian_words):
    desk = sit_down("vorontsov")
    desk.open("/")
    desk.speak("en")
    left = {}
    for address in ADDRESSES:
        page = desk.open(address)
        texts = [text for text in page.evaluate(TEXTS) if CYRILLIC.search(text) and text not in NAMES]
        if found := [text for text in texts if russian_words.fullmatch(text)]:
            left[address] = found
    desk.speak("ru")
    assert left == {}


def test_english_on_the_dossier_keeps_the_address_and_the_place(sit_down):
    desk = sit_down("lebedeva")
    page = desk.open("/parties/1/?words=муфт")
    page.evaluate("scrollTo({top: 600, behavior: 'instant'})")
    assert page.evaluate("scrollY") == 600
    for language, head, date in (("en", "Timeline", r"\d{1,2} \w{3} 20\d\d"), ("ru", "Лента", r"\d\d\.\d\d\.20\d\d")):
        with page.expect_navigation():
            page.evaluate("language => document.querySelector(`#me-menu [value=${language}]`).click()", language)
        expect(page.get_by_role("heading", name=head).first).to_be_attached()
        assert page.url.endswith("/parties/1/?words=%D0%BC%D1%83%D1%84%D1%82")
        expect(page.locator("#main")).to_be_visible()
        for _turn in range(200):
            if page.evaluate("scrollY") == 600:
                break
            page.wait_for_timeout(25)
        assert page.evaluate("scrollY") == 600
        expect(page.locator("#main")).to_contain_text(re.compile(date))


@pytest.fixture
def deals_of(product):
    """Give a person exactly so many open deals, and take them back afterwards."""
    first = 70_000_000
    with psycopg.connect(product.database, autocommit=True) as base:
        base.execute("SET session_replication_role = replica")

        def give(email: str, many: int) -> None:
            base.execute("DELETE FROM deal WHERE id > %s", [first])
            base.execute(
                "INSERT INTO deal SELECT made.* FROM generate_series(1, %s) n,"
                " (SELECT * FROM deal WHERE state = 'open' ORDER BY id LIMIT 1) d, person p,"
                " LATERAL jsonb_populate_record(NULL::deal, to_jsonb(d) || jsonb_build_object("
                "'id', %s + n, 'owner_id', p.id, 'amount', NULL)) made WHERE p.email = %s",
                [many, first, email],
            )

        yield give
        base.execute("DELETE FROM deal WHERE id > %s", [first])


def test_numbers_agree_with_their_words(sit_down, deals_of):
    desk = sit_down("belova")
    page = desk.open("/")
    desk.speak("ru")
    for many, words in ((1, "сделка"), (2, "сделки"), (5, "сделок"), (11, "сделок"), (21, "сделка")):
        deals_of("belova@volna.example", many)
        desk.open("/")
        expect(page.locator(".stat").first).to_contain_text(f"{many} {words}".replace(" ", "\N{NO-BREAK SPACE}"))
    desk.speak("en")
    for many, words in ((1, "deal"), (2, "deals"), (21, "deals")):
        deals_of("belova@volna.example", many)
        desk.open("/")
        expect(page.locator(".stat").first).to_contain_text(re.compile(rf"{many}\s{words}(?!\w)"))
    desk.speak("ru")
