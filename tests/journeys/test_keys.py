"""The keys work by their place in the Russian layout, type with Alt, and can be switched off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import fresh


def press_russian(page: Page, code: str, letter: str, **more: bool) -> bool:
    """Press the key of that place while the Russian layout is on; true when the page took the key for itself."""
    return page.evaluate(
        "pressed => !(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', pressed))",
        {"code": code, "key": letter, "bubbles": True, "cancelable": True, **more},
    )


@pytest.mark.parametrize(("code", "letter", "opens"), [("KeyL", "д", "sheet"), ("KeyN", "т", "/parties/quick/")])
def test_keys_work_in_the_russian_layout(andrey, code, letter, opens):
    page = andrey.open("/parties/1/")
    press_russian(page, code, letter)
    if opens == "sheet":
        expect(andrey.sheet).to_be_visible()
    else:
        page.wait_for_url(f"**{opens}*")


def test_rows_are_walked_and_a_deal_is_moved_in_the_russian_layout(andrey):
    name = fresh("Русская раскладка")
    andrey.begin_deal(name)
    page = andrey.open(f"/deals/?q={name}")
    press_russian(page, "KeyJ", "о")
    expect(page.locator("tbody tr [data-open]")).to_be_focused()
    andrey.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator("html")).to_have_attribute("data-script", "on")
    press_russian(page, "KeyM", "ь")
    expect(andrey.dialog.locator("[name=stage]")).to_be_visible()


def test_alt_and_altgr_type_characters_and_touch_nothing(andrey):
    page = andrey.open("/tasks/new/")
    andrey.press("Alt+l")
    assert not press_russian(page, "KeyL", "д", altKey=True)
    assert not press_russian(page, "KeyL", "ł", modifierAltGraph=True, ctrlKey=True, altKey=True)
    field = page.locator("input[name=name]")
    field.focus()
    assert not press_russian(page, "KeyL", "ł", modifierAltGraph=True, ctrlKey=True, altKey=True)
    andrey.type("łnż")
    expect(field).to_have_value("łnż")
    expect(andrey.sheet).to_be_hidden()
    assert page.url.endswith("/tasks/new/")


def test_keys_can_be_switched_off_and_on_again(sit_down):
    desk = sit_down("kuzmin")
    page = desk.open("/")
    desk.prefer("keys", "off")
    page = desk.open("/")
    assert not press_russian(page, "KeyL", "д")
    expect(desk.sheet).to_be_hidden()
    desk.prefer("keys", "on")
    page = desk.open("/")
    assert press_russian(page, "KeyL", "д")
    expect(desk.sheet).to_be_visible()
