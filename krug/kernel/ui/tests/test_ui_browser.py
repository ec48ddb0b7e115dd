"""The behaviours of pages, tried in a real browser on the gallery."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from krug.kernel.ui.bundle import MANIFEST

AXE = Path(settings.PROJECT) / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.skipif(not MANIFEST.is_file(), reason="The front end is not built.")


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The usual window of the checks; axe needs to be let in past the content policy."""
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}, "bypass_csp": True, "locale": "en-GB"}


@pytest.fixture
def shown(page: Page, gallery_url: str) -> Iterator[Page]:
    """The gallery in English."""
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(gallery_url)
    expect(page.locator("html")).to_have_attribute("data-script", "on")
    yield page
    assert trouble == []


def focused(page: Page, script: str) -> Any:
    return page.evaluate(f"(({{activeElement: e}}) => {script})(document)")


def test_the_palette_opens_over_a_field_and_gives_the_caret_back(shown: Page) -> None:
    shown.focus("#f-t1")
    shown.evaluate("document.getElementById('f-t1').setSelectionRange(3, 3)")
    shown.keyboard.press("Control+k")
    expect(shown.locator("#palette input")).to_be_focused()
    shown.keyboard.press("Escape")
    expect(shown.locator("#f-t1")).to_be_focused()
    assert focused(shown, "e.selectionStart") == 3


def test_a_key_opens_the_sheet_also_in_the_russian_layout(shown: Page) -> None:
    shown.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'щ', code: 'KeyO', bubbles: true}))")
    expect(shown.locator("#sheet")).to_be_visible()
    expect(shown.locator("#sheet-name")).to_be_focused()


def test_f8_works_while_typing_and_letters_and_alt_do_not(shown: Page) -> None:
    shown.focus("#f-t2")
    shown.keyboard.press("o")
    shown.keyboard.press("Alt+o")
    expect(shown.locator("#sheet")).to_be_hidden()
    shown.keyboard.press("F8")
    expect(shown.locator("#sheet")).to_be_visible()
    shown.keyboard.press("Escape")
    expect(shown.locator("#f-t2")).to_be_focused()


def test_keys_can_be_switched_off(shown: Page) -> None:
    shown.evaluate("document.documentElement.dataset.keys = 'off'")
    shown.keyboard.press("o")
    expect(shown.locator("#sheet")).to_be_hidden()
    shown.keyboard.press("Control+k")
    expect(shown.locator("#palette")).to_be_visible()


def test_a_refused_sheet_shows_its_summary_and_a_good_one_leaves_a_message(shown: Page) -> None:
    shown.keyboard.press("o")
    shown.fill("#sheet-inn", "123")
    shown.keyboard.press("Control+Enter")
    expect(shown.locator("#sheet .error-summary")).to_be_focused()
    shown.click("#sheet .error-summary a >> nth=0")
    expect(shown.locator("#sheet-name")).to_be_focused()
    shown.keyboard.type("Северный Ветер")
    shown.keyboard.press("Control+Enter")
    expect(shown.locator("#sheet")).to_be_hidden()
    expect(shown.locator("#toasts .toast")).to_contain_text("Северный Ветер")
    assert shown.url.endswith("/ui/")


def test_a_double_press_is_sent_once(shown: Page) -> None:
    sent: list[str] = []
    shown.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    shown.evaluate("const b = document.querySelector('form[action=\"/ui/form/\"] button'); b.click(); b.click()")
    expect(shown.locator("#toasts .toast")).to_have_count(1)
    assert len([url for url in sent if url.endswith("/ui/form/")]) == 1


def test_rows_are_walked_ticked_peeked_and_left_by_keys(shown: Page) -> None:
    shown.keyboard.press("j")
    shown.keyboard.press("j")
    assert focused(shown, "e.closest('[data-row]').dataset.row") == "2"
    shown.keyboard.press("x")
    expect(shown.locator("[data-selected-count]")).to_have_text("Selected: 1")
    shown.keyboard.press(" ")
    expect(shown.locator("#drawer")).to_be_visible()
    assert "open=2" in shown.url
    shown.go_back()
    expect(shown.locator("#drawer")).to_be_hidden()
    assert focused(shown, "e.closest('[data-row]').dataset.row") == "2"


def test_a_value_is_edited_in_place_saved_by_tab_and_given_back_by_escape(shown: Page) -> None:
    shown.keyboard.press("j")
    shown.keyboard.press("e")
    expect(shown.locator(".edit-place input[name=value]")).to_be_focused()
    shown.keyboard.type("1")
    shown.keyboard.press("Escape")
    expect(shown.locator("[data-row='1'] [data-edit-url]")).to_have_text("620 000")
    shown.keyboard.press("e")
    expect(shown.locator(".edit-place input[name=value]")).to_be_focused()
    shown.keyboard.type("777")
    shown.keyboard.press("Tab")
    expect(shown.locator("[data-row='1'] [data-edit-url]")).to_have_text("777")


def test_a_customer_is_chosen_by_three_letters_and_tab(shown: Page) -> None:
    shown.fill("#f-t8", "")
    shown.locator("#f-t8").press_sequentially("вол")
    expect(shown.locator("#f-t8-list [role=option]")).to_have_count(1)
    shown.keyboard.press("Tab")
    assert shown.input_value("input[name=t8]") == "2"
    expect(shown.locator("#f-t8")).to_have_value("Волга-Трейд")


def test_a_plain_date_is_read_while_it_is_typed(shown: Page) -> None:
    shown.fill("#f-t5", "25.12.2030")
    expect(shown.locator("#f-t5 ~ output")).to_contain_text("Wed 25 Dec")


def test_a_refused_move_puts_the_card_back_and_says_why(shown: Page) -> None:
    shown.focus("#card-2 [data-open]")
    shown.keyboard.press("m")
    shown.keyboard.press("1")
    expect(shown.locator("[data-board-banner]")).to_contain_text("does not go back")
    expect(shown.locator("#column-2 #card-2")).to_be_visible()


def test_a_move_that_needs_more_asks_in_a_dialog_and_escape_puts_the_card_back(shown: Page) -> None:
    shown.focus("#card-2 [data-open]")
    shown.keyboard.press("m")
    shown.keyboard.press("3")
    expect(shown.locator("#dialog")).to_be_visible()
    shown.keyboard.press("Escape")
    expect(shown.locator("#column-2 #card-2")).to_be_visible()


def test_a_card_is_dragged_to_another_column(shown: Page) -> None:
    shown.locator("#card-1").drag_to(shown.locator("#column-2 [data-cards]"), target_position={"x": 60, "y": 20})
    expect(shown.locator("#column-2 #card-1")).to_be_visible()


def test_without_the_server_a_dragged_card_returns(shown: Page) -> None:
    shown.route("**/ui/move/", lambda route: route.abort())
    shown.focus("#card-1 [data-open]")
    shown.keyboard.press("m")
    shown.keyboard.press("2")
    expect(shown.locator("[data-board-banner]")).to_contain_text("did not answer")
    expect(shown.locator("#column-1 #card-1")).to_be_visible()


def test_the_theme_changes_at_once_and_the_map_of_keys_opens(shown: Page) -> None:
    shown.click(".me")
    shown.click("#me-menu button[name=theme][value=dark]")
    expect(shown.locator("html")).to_have_attribute("data-theme", "dark")
    shown.keyboard.press("Escape")
    shown.keyboard.press("?")
    expect(shown.locator("#keymap")).to_be_visible()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci brings it.")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_gallery_has_no_barriers_and_no_sideways_scroll(shown: Page, theme: str, width: int) -> None:
    shown.set_viewport_size({"width": width, "height": 800})
    shown.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    shown.wait_for_timeout(200)
    shown.evaluate(AXE.read_text(encoding="utf-8"))
    found = shown.evaluate(
        "axe.run().then(r => r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target).join(' ')}`))"
    )
    assert found == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
