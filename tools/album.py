"""Photograph the named screens of tools/scenes.py in eight variants and lay each screen out on two contact sheets.

    python -m tools.album --port N --data DIR --to FOLDER [part of a name …]

Two languages, two themes, two widths. A sheet of four wide pictures and one of four narrow ones is made for each
screen, and what needs no eye is said: pages that run sideways, targets too low for a finger, errors of scripts.
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tools.look import FLAGS, MEASURED, PHONE, VARIANTS, WIDE, Visit, amiss, prefer, sign_in
from tools.scenes import GUSEVA, SCENES, Scene
from tools.stage import set_the_stage

TALLEST = {"wide": 1100, "phone": 1500}
AT_ONCE = 8
GRID = {"wide": ("repeat(2, 780px)", 780, 1568), "phone": ("repeat(4, 360px)", 360, 1464)}


def file_name(scene: Scene) -> str:
    """The name of its pictures."""
    return re.sub(r"[^a-z0-9]+", "-", scene.name.lower())


def enter(browser: Browser, visit: Visit, passwords: dict[str, str], who: str) -> BrowserContext:
    """A browser of somebody of the demo company, or of nobody."""
    if not who:
        return browser.new_context(base_url=visit.base, locale="ru-RU", viewport=WIDE, reduced_motion="reduce")
    email = f"{who}@volna.example"
    return sign_in(browser, Visit(visit.base, email, passwords[email], visit.folder))


def speak(page: Page, scene: Scene, language: str) -> None:
    """Choose the language: in the menu of oneself, or at the door."""
    if scene.who:
        return prefer(page, language)
    page.goto("/sign-in/")
    with page.expect_navigation():
        page.locator(f"button[name=language][value={language}]").first.click()
    return None


def picture(page: Page, scene: Scene, language: str, folder: Path) -> Iterator[str]:
    """The four pictures of a screen in one language; gives what is amiss."""
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        page.emulate_media(media="print" if scene.is_paper else "screen", color_scheme="light")
        page.set_viewport_size(size)
        page.goto(scene.address)
        page.wait_for_selector("html[data-script=on]", timeout=3000)
        kept: Any = page.context.cookies()
        for step in scene.steps:
            step(page)
        page.wait_for_timeout(80)
        full = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], min(full, TALLEST[width]))})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(40)
            page.screenshot(path=folder / f"{file_name(scene)}.{language}.{theme}.{width}.png")
        page.context.add_cookies(kept)
        if not scene.is_paper:
            yield from amiss(page.evaluate(MEASURED), f"{scene.name} {language} {width}", is_phone=width == "phone")


def take(context: BrowserContext, scene: Scene, language: str, folder: Path) -> None:
    """Photograph, and say when a screen could not be reached."""
    page = context.new_page()
    page.set_default_timeout(6000)
    page.on("pageerror", lambda error: print(f"script: {scene.name}: {error}", flush=True))
    try:
        for said in picture(page, scene, language, folder):
            print(said, flush=True)
    except Error as error:
        print(f"NOT SEEN {scene.name} {language}: {error.message.splitlines()[0]}", flush=True)
    page.close()


def sheet(page: Page, scene: Scene, width: str, folder: Path) -> None:
    """The four pictures of one width beside one another."""
    columns, wide, whole = GRID[width]
    shown = [f"{file_name(scene)}.{language}.{theme}.{width}.png" for language, theme in VARIANTS]
    pictures = "".join(f'<img src="{name}" width="{wide}">' for name in shown if (folder / name).exists())
    place = folder / "sheet.html"
    style = f"margin:0;display:grid;grid-template-columns:{columns};gap:8px;background:#888;align-items:start"
    place.write_text(f'<body style="{style}">{pictures}</body>')
    page.set_viewport_size({"width": whole, "height": 600})
    page.goto(place.as_uri())
    page.screenshot(path=folder / f"{file_name(scene)}.{width}s.png", full_page=True)
    place.unlink()


def fill_album(browser: Browser, visit: Visit, passwords: dict[str, str], wanted: list[Scene]) -> None:
    """Everything, person by person and a few screens at a time, so that their sheets can be opened meanwhile."""
    sheets = browser.new_context().new_page()
    for who in dict.fromkeys(scene.who for scene in wanted):
        own = [scene for scene in wanted if scene.who == who]
        context = enter(browser, visit, passwords, who)
        for part in batched(own, AT_ONCE):
            for language in ("en", "ru"):
                page = context.new_page()
                speak(page, part[0], language)
                page.close()
                for scene in part:
                    take(context, scene, language, visit.folder)
            for scene in part:
                for width in GRID:
                    sheet(sheets, scene, width, visit.folder)
        context.close()
    print(f"{len(wanted)} screens in {visit.folder}")


def batched(scenes: list[Scene], size: int) -> list[list[Scene]]:
    """The list in pieces."""
    return [scenes[start : start + size] for start in range(0, len(scenes), size)]


def main() -> None:
    """Read the wishes and photograph."""
    parser = argparse.ArgumentParser(prog="album", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the data folder of the running product")
    parser.add_argument("--to", type=Path, required=True, help="a folder for the pictures")
    parser.add_argument("--stage", action="store_true", help="first put on the stage what the demo company lacks")
    parser.add_argument("--since", default=SCENES[0].name, help="begin with the screen of this name")
    parser.add_argument("parts", nargs="*", help="only screens whose name has one of these parts")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    lines = (line.split("  ") for line in (given.data / "demo-signins.txt").read_text(encoding="utf-8").splitlines())
    passwords = {line[0]: line[1] for line in lines if len(line) > 1}
    since = next(place for place, scene in enumerate(SCENES) if scene.name == given.since)
    wanted = [scene for scene in SCENES[since:] if not given.parts or any(part in scene.name for part in given.parts)]
    visit = Visit(f"http://127.0.0.1:{given.port}", "", "", given.to)
    with sync_playwright() as driver:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        if given.stage:
            set_the_stage(enter(browser, visit, passwords, GUSEVA).new_page())
        fill_album(browser, visit, passwords, wanted)
        browser.close()


if __name__ == "__main__":
    main()
