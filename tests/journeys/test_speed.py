"""It feels quick: the palette after a key, the paint of each screen, the press of a key, and nothing jumps."""

from __future__ import annotations

from statistics import median

import pytest
from playwright.sync_api import Page, expect

from krug.kernel.testing.patience import stretched
from tests.journeys.desk import Desk

PALETTE_MS, MARGIN_MS = 150, 100
LCP_MS, INP_MS, SHIFT = 1_000, 100, 0.02
TRIES = 3  # other work on the same two cores may take one look, hardly three
SCREENS = ("/", "/parties/", "/parties/1/", "/deals/?view=board", "/deals/", "/deals/1/", "/tasks/?view=calendar",
           "/reports/funnel/")  # fmt: skip
WATCH = """
window.felt = {lcp: 0, inp: 0, shift: 0};
const seen = (type, deed, more = {}) => new PerformanceObserver(list => list.getEntries().forEach(deed))
    .observe({type, buffered: true, ...more});
seen('largest-contentful-paint', entry => { felt.lcp = entry.startTime });
seen('layout-shift', entry => { if (!entry.hadRecentInput) felt.shift += entry.value });
seen('event', entry => { if (entry.interactionId) felt.inp = Math.max(felt.inp, entry.duration) },
    {durationThreshold: 16});
"""
STOPWATCH = """
window.waited = [];
let pressed = 0;
document.addEventListener('input', () => { pressed = performance.now() }, true);
new MutationObserver(() => {
    if (!pressed || !document.querySelector('#palette [role=option]')) return;
    const since = pressed;
    pressed = 0;
    requestAnimationFrame(() => waited.push(performance.now() - since));
}).observe(document.getElementById('palette-list'), {childList: true, subtree: true});
"""


def test_the_palette_answers_within_150_ms_after_the_last_key(andrey, capsys):
    page = andrey.open("/tasks/")
    andrey.find("нева")
    page.evaluate(STOPWATCH)
    for words in ("сев", "волга", "0142", "насосы", "фед", "atljhjdf", "ладога"):
        page.locator("#palette input").fill("")
        before = page.evaluate("waited.length")
        page.keyboard.insert_text(words)
        until(page, "before => waited.length > before", before)
    waited = page.evaluate("waited")
    with capsys.disabled():
        print(f"\n  palette after the last key: median {median(waited):.0f} ms of {len(waited)}, goal {PALETTE_MS} ms")
    assert median(waited) <= stretched(PALETTE_MS + MARGIN_MS)


@pytest.mark.parametrize("address", SCREENS)
def test_a_screen_is_painted_in_a_second_answers_a_key_at_once_and_does_not_jump(sit_down, capsys, address):
    desk = sit_down("sokolov")
    desk.open(address)
    desk.page.add_init_script(WATCH)
    for _try in range(TRIES):
        felt = felt_on(desk, address)
        with capsys.disabled():
            print(f"\n  {address}: LCP {felt['lcp']:.0f} ms, INP {felt['inp']:.0f} ms, CLS {felt['shift']:.3f}")
        assert felt["shift"] <= SHIFT
        if felt["lcp"] <= LCP_MS and felt["inp"] <= INP_MS:
            break
    assert 0 < felt["lcp"] <= stretched(LCP_MS)
    assert felt["inp"] <= stretched(INP_MS)


def felt_on(desk: Desk, address: str) -> dict[str, float]:
    """What somebody feels who opens the screen and presses three keys and a button."""
    page = desk.open(address)
    until(page, "() => felt.lcp > 0")
    for key in ("j", "?", "Escape"):
        desk.press(key)
    page.locator(".me").click()
    expect(page.locator("#me-menu")).to_be_visible()
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    felt: dict[str, float] = page.evaluate("felt")
    return felt


def until(page: Page, question: str, given: object = None) -> None:
    """Ask the page until it says yes; the page itself may not make code of words."""
    for _turn in range(400):
        if page.evaluate(question, given):
            return
        page.wait_for_timeout(25)
    raise AssertionError(question)
