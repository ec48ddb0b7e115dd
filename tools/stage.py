"""Put on the stage what the demo company lacks and a picture needs: a tree, marks on the map, an account, a file."""

from __future__ import annotations

from playwright.sync_api import Page

PLACES = {
    1: ("59.93", "30.31"),
    2: ("55.75", "37.62"),
    3: ("53.20", "50.15"),
    4: ("56.84", "60.61"),
    5: ("55.03", "82.92"),
}
FORMS = (
    ("/territories/new/", {"name": "Северо-Запад", "note": "Санкт-Петербург, Карелия, Мурманск"}),
    ("/territories/new/?parent=1", {"name": "Карелия"}),
    ("/territory-holders/new/?territory=1&person=4", {}),
    ("/trees/parties/", {"name": "Вид и город", "level1": "kind", "level2": "city"}),
    (
        "/banks/new/",
        {"bic": "044525225", "name": "Банк «Причал»", "city": "Москва", "corr_account": "30101810400000000225"},
    ),
    ("/bank-accounts/new/?party=1&bank=1", {"number": "40702810200000012345", "valid_from": "01.02.2024"}),
    (
        "/consents/new/?party=1",
        {"purpose": "advertising", "decision": "refused", "channel": "phone", "source": "письмо от 12.11.2026"},
    ),
    ("/deals/1/plan/", {"name": "Подготовить схему подключения", "due": "через 3 дня"}),
    *((f"/addresses/{pk}/edit/", {"latitude": north, "longitude": east}) for pk, (north, east) in PLACES.items()),
)


def set_the_stage(page: Page) -> None:
    """Fill and send each form once; what is there already stays."""
    for address, fields in FORMS:
        page.goto(address)
        for name, value in fields.items():
            place = page.locator(f"main [name={name}]").first
            if place.evaluate("one => one.tagName") == "SELECT":
                place.select_option(value)
            else:
                place.fill(value)
        send(page)
    page.goto("/files/new/")
    page.locator("main [name=file]").set_input_files(
        {"name": "Схема подключения.txt", "mimeType": "text/plain", "buffer": "Насос НС-40".encode()}
    )
    send(page)


def send(page: Page) -> None:
    """Send the form of the page and say where it led."""
    before = page.url
    page.locator("main form.form button[type=submit]:not(.quiet)").last.click()
    page.wait_for_timeout(700)
    if page.url == before:
        print(f"stayed: {before}: {page.locator('.error, .error-summary').all_inner_texts()[:2]}", flush=True)
