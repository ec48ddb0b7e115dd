"""What the photographs of the settings, files and duplicates need: made once through the pages themselves."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page

FIRMS = "\n".join(
    ["Название;Город;Сотрудников;Менеджер;Создан", "ООО «Новая Заря»;Омск;12;Соколов Андрей;31.01.2024"]
    + [f"ООО «Ромашка {number}»;Тула;{number};;0{number}.02.2024" for number in range(1, 9)]
    + ["ООО «Поздний Вечер»;Псков;много;Никто Никакой;31.02.2024", "ООО «Ромашка 3»;Тула;3;;", ";Казань;5;;"]
).encode("cp1251")
LONG = ("Название;Город\n" + "".join(f"Склад {number};Тула\n" for number in range(5_100))).encode()
WAIT = 60_000


def send(page: Page, form: str = "main form", **fields: str) -> None:
    """Fill in a form and send it."""
    for name, value in fields.items():
        place = page.locator(f"{form} [name='{name}']").first
        if place.evaluate("place => place.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)
    page.evaluate("form => form.setAttribute('novalidate', '')", page.locator(form).first.element_handle())
    press(page, f"{form} button.primary, {form} button.danger")


def press(page: Page, selector: str) -> None:
    """Press what is answered, by another page or by a part of this one."""
    with page.expect_response(lambda answer: answer.request.resource_type in ("document", "xhr", "fetch")):
        page.locator(selector).first.click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def made_webhook(page: Page) -> str:
    """A webhook that sends to nobody, with one message that was tried."""
    page.goto("/webhooks/new/")
    send(page, "main form.form", name="Склад и доставка", url="https://example.com/krug", types="deal.*, party.created")
    address = address_of(page)
    press(page, f"form[action='{address}test/'] button, a[href^='{address}test/']")
    return address


def address_of(page: Page) -> str:
    """The address of the page without what names the product."""
    return re.sub(r"^https?://[^/]+", "", page.url).split("?")[0]


def made_field(page: Page, kind: str, name: str, **more: str) -> None:
    """A field of one's own on the customers."""
    page.goto("/settings/attributes/party/")
    if page.locator("main th", has_text=name).count():
        return
    page.goto(f"/settings/attributes/party/new/?kind={kind}")
    send(page, "#new-field", name=name, kind=kind)
    if "/new/" in page.url:
        send(page, "#new-field", name=name, kind=kind, **more)
    if page.locator("#alike").count():
        press(page, "#alike button")


def import_begun(page: Page, content: bytes = FIRMS) -> str:
    """An import that waits for its plan."""
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files({"name": "клиенты.csv", "mimeType": "text/csv", "buffer": content})
    press(page, "main form button.primary")
    return address_of(page)


def import_checked(page: Page, content: bytes = FIRMS) -> str:
    """An import whose rows were looked at."""
    address = import_begun(page, content)
    press(page, "main button[value=check]")
    page.locator(f"form[action='{address}write/']").wait_for(timeout=WAIT)
    return address


def import_done(page: Page, content: bytes = FIRMS) -> str:
    """An import that was written."""
    address = import_checked(page, content)
    press(page, f"form[action='{address}write/'] button")
    page.locator(f"form[action='{address}undo/']").wait_for(timeout=WAIT)
    return address


def import_back(page: Page) -> str:
    """An import of other firms that was written and taken back."""
    address = import_done(page, FIRMS.replace("Ромашка".encode("cp1251"), "Василёк".encode("cp1251")))
    press(page, f"form[action='{address}undo/'] button")
    page.locator("#import-run:not([hx-get])").wait_for(timeout=WAIT)
    return address


def pairs_found(page: Page) -> str:
    """The queue of duplicates after a search of everything."""
    page.goto("/duplicates/?type=party")
    if not page.locator("a[href*='/merge/?with']").count():
        press(page, "form[action$='/search/'] button")
        page.locator("a[href*='/merge/?with']").first.wait_for(timeout=WAIT)
    return "/duplicates/?type=party"


def many_rows(page: Page) -> str:
    """A list that is too long to be written at once."""
    import_done(page, LONG)
    return "/parties/export/?format=xlsx"


def merged(page: Page) -> str:
    """A record that went into another; the page on which it is split off."""
    pairs_found(page)
    press(page, "a[href*='/merge/?with']")
    both = re.findall(r"parties/(\d+)/merge/\?with=(\d+)", page.url)[0]
    press(page, "main form button.primary, main form button.danger")
    for number in both:
        page.goto(f"/parties/{number}/split/")
        if page.url.endswith("/split/"):
            break
    return address_of(page)


def person_left(page: Page) -> str:
    """Somebody who holds records and was sent away."""
    page.goto("/users/8/deactivate/")
    press(page, "main form button.danger, main form button.primary")
    return "/users/8/"


MADE: dict[str, Callable[[Page], str]] = {
    "webhook": made_webhook,
    "planned": import_begun,
    "checked": import_checked,
    "done": import_done,
    "back": import_back,
    "pairs": pairs_found,
    "merged": merged,
    "long": many_rows,
    "left": person_left,
}
