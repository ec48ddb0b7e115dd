"""Ask axe-core about every named screen of tools/scenes.py in both languages, themes and widths; print what it finds.

    python -m tools.axe --port N --data DIR [part of a name …]

The demo company must stand as `python -m tools.album --stage` leaves it. Prints one line for each rule that a screen
breaks, of any impact, and at the end how many screens were asked in how many variants.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tools.album import enter, speak
from tools.look import FLAGS, PHONE, WIDE, Visit
from tools.scenes import SCENES, Scene

AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """() => axe.run(document).then(found => found.violations.map(one =>
    `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map(node => node.target).join(' | ')}`))"""


def asked(page: Page, scene: Scene) -> Iterator[str]:
    """What axe finds on a screen, by width and theme."""
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(size)
        page.goto(scene.address)
        page.wait_for_selector("html[data-script=on]", timeout=6000)
        kept: Any = page.context.cookies()
        for step in scene.steps:
            step(page)
        page.wait_for_timeout(80)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two words it knows
            page.wait_for_timeout(40)
            yield from (f"{width} {theme}: {one}" for one in page.evaluate(FOUND))
        page.context.add_cookies(kept)


def ask(context: BrowserContext, scene: Scene, language: str) -> int:
    """Print what is found on a screen, and count it; a screen that cannot be reached counts too."""
    page, count = context.new_page(), 0
    page.set_default_timeout(9000)
    try:
        for said in asked(page, scene):
            print(f"{scene.name} {language} {said}", flush=True)
            count += 1
    except Error as error:
        print(f"NOT SEEN {scene.name} {language}: {error.message.splitlines()[0]}", flush=True)
        count += 1
    page.close()
    return count


def ask_all(browser: Browser, visit: Visit, passwords: dict[str, str], wanted: list[Scene]) -> None:
    """Every screen, person by person."""
    count = 0
    for who in dict.fromkeys(scene.who for scene in wanted):
        context = enter(browser, visit, passwords, who)
        for language in ("en", "ru"):
            page = context.new_page()
            speak(page, Scene("", "", who=who), language)
            page.close()
            count += sum(ask(context, scene, language) for scene in wanted if scene.who == who)
        context.close()
    print(f"{len(wanted)} screens in two languages, two themes and two widths: {count} findings")


def main() -> None:
    """Read the wishes and ask; paper is left out, axe knows screens alone."""
    parser = argparse.ArgumentParser(prog="axe", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the data folder of the running product")
    parser.add_argument("parts", nargs="*", help="only screens whose name has one of these parts")
    given = parser.parse_args()
    lines = (line.split("  ") for line in (given.data / "demo-signins.txt").read_text(encoding="utf-8").splitlines())
    passwords = {line[0]: line[1] for line in lines if len(line) > 1}
    screens = [scene for scene in SCENES if not scene.is_paper]
    wanted = [scene for scene in screens if not given.parts or any(part in scene.name for part in given.parts)]
    with sync_playwright() as driver:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        ask_all(browser, Visit(f"http://127.0.0.1:{given.port}", "", "", Path()), passwords, wanted)
        browser.close()


if __name__ == "__main__":
    main()
