"""No barrier on any kind of screen: both themes, both languages, 400 % zoom, forced colours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk
from tests.journeys.product import PROJECT

AXE = (Path(PROJECT) / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
FOUND = """
rules => axe.run(document, rules ? {runOnly: rules} : {}).then(found => found.violations.map(one =>
    `${one.id}: ${one.nodes.slice(0, 3).map(node => node.target + ' ' + node.failureSummary).join(' | ')}`))
"""
SCREENS = {
    "my day": "/", "list": "/parties/", "list of deals": "/deals/", "board": "/deals/?view=board",
    "calendar": "/tasks/?view=calendar", "dossier": "/parties/1/", "deal": "/deals/1/", "contact": "/contacts/1/",
    "task": "/tasks/1/", "form": "/deals/new/", "quick form": "/parties/quick/", "log": "/log/",
    "funnel": "/reports/funnel/", "import": "/import/", "settings": "/settings/", "company": "/settings/company/",
    "audit": "/settings/audit/", "people": "/users/", "role": "/roles/1/",
    "history": "/deals/1/history/", "me": "/me/", "tokens": "/me/tokens/", "help": "/help/",
    "search": "/search/?q=нева", "nothing found": "/parties/?q=неттакого", "objects": "/settings/attributes/",
    "added fields": "/settings/attributes/party/", "new field": "/settings/attributes/party/new/?kind=formula",
    "settings found": "/settings/?q=роль", "mail": "/settings/mail/", "sign-on": "/settings/sign-on/new/",
    "directory": "/settings/directory/", "tokens of all": "/settings/tokens/", "demo data": "/settings/demo/",
    "allowed hosts": "/opened-hosts/new/", "person": "/users/4/", "rights": "/roles/7/grants/?compare=6",
    "why": "/deals/1/why/", "pipeline": "/pipelines/1/", "stage": "/stages/2/edit/", "dictionary": "/loss-reasons/",
    "webhook": "/webhooks/new/", "calls": "/api/v1/docs", "calls of a type": "/api/v1/docs/deals/",
    "duplicates": "/duplicates/?type=party", "merge": "/parties/1/merge/?with=2", "invite": "/settings/invite/",
}  # fmt: skip
OVER = {"palette": "Control+k", "log sheet": "l", "move dialog": "m", "map of keys": "?"}
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module", params=["ru", "en"])
def reader(request, browser, product, states) -> Iterator[Desk]:
    """The administrator, who may open every screen, in one language."""
    expect.set_options(timeout=30_000)
    context = browser.new_context(
        base_url=product.url, storage_state=states("guseva"), viewport=WIDE, bypass_csp=True, reduced_motion="reduce"
    )
    desk = Desk(context.new_page())
    desk.open("/")
    desk.speak(request.param)
    yield desk
    desk.open("/")
    desk.speak("ru")
    context.close()


def barriers(page: Page) -> list[str]:
    """What axe finds in the light theme, and the contrasts of the dark one."""
    page.emulate_media(color_scheme="light")
    page.evaluate(AXE)
    found = page.evaluate(FOUND, None)
    page.emulate_media(color_scheme="dark")
    return found + [f"dark {one}" for one in page.evaluate(FOUND, ["color-contrast"])]


def sideways(page: Page) -> int:
    """How far a page of 1280 px at 400 % runs out of its 320 px."""
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(WIDE)
    return int(width) - NARROW["width"]


@pytest.mark.parametrize("address", SCREENS.values(), ids=SCREENS)
def test_a_screen_has_no_barrier_and_stands_in_320_pixels(reader, address):
    answer = reader.page.goto(address)
    assert answer is not None and answer.ok
    assert barriers(reader.page) == []
    assert sideways(reader.page) <= 0


@pytest.mark.parametrize("key", OVER.values(), ids=OVER)
def test_what_opens_over_the_page_has_no_barrier(reader, key):
    page = reader.open("/deals/1/")
    reader.press(key)
    layer = page.locator("dialog[open]")
    expect(layer).to_be_visible()
    if key == "Control+k":
        page.keyboard.insert_text("нева")
        expect(page.locator("#palette [role=option]").first).to_be_visible()
    assert barriers(page) == []
    assert sideways(page) <= 0
    reader.press("Escape")


def test_the_door_has_no_barrier_in_both_languages(sit_down):
    desk = sit_down("", bypass_csp=True, reduced_motion="reduce")
    for language in ("ru", "en"):
        page = desk.open("/sign-in/")
        with page.expect_navigation():
            page.locator(f"button[name=language][value={language}]").first.click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert barriers(page) == []
        assert sideways(page) <= 0


@pytest.mark.parametrize("address", ["/", "/parties/", "/deals/?view=board"])
def test_in_forced_colours_everything_has_an_edge_and_the_focus_is_seen(sit_down, address):
    desk = sit_down("sokolov", forced_colors="active")
    page = desk.open(address)
    bare = page.evaluate(
        """() => [...document.querySelectorAll('main .button, main .card, main .panel, main .badge, main input')]
        .filter(one => one.checkVisibility() && one.getBoundingClientRect().width > 1)
        .filter(one => !one.matches('[type=checkbox], [type=radio]'))
        .filter(one => parseFloat(getComputedStyle(one).borderTopWidth) < 1)
        .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert bare == []
    for _turn in range(6):
        desk.press("Tab")
        assert desk.focused.evaluate("one => parseFloat(getComputedStyle(one).outlineWidth)") >= 2
