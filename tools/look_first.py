"""Photograph the first run of an empty installation, in its eight variants: language, company, invitation, first day.

    python -m tools.look_first --link http://127.0.0.1:N/welcome/… --to FOLDER

The link is the one that `bin/serve` printed; it is used up by the looking, since the company is founded on the way.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from tools.look import FLAGS, PHONE, WIDE, prefer
from tools.look_made import press, send
from tools.look_settings import TALL, put_together

FOUNDER = {"person": "Гусева Ольга Павловна", "email": "guseva@volna.example"}
INVITED = {"person": "Соколов Андрей Викторович", "email": "sokolov@volna.example"}
SECRET = "Семь синих слонов 7"


def taken(page: Page, name: str, language: str, folder: Path) -> None:
    """The four pictures of what the page shows now."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width, size in (("wide", WIDE), ("phone", PHONE)):
            page.set_viewport_size(size)
            full = page.evaluate("document.documentElement.scrollHeight")
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                print(f"sideways: {name} {language} {width}")
            page.set_viewport_size({"width": size["width"], "height": max(size["height"], min(full, TALL))})
            page.screenshot(path=folder / f"{name}.{language}.{theme}.{width}.png")
    page.set_viewport_size(WIDE)


def before(page: Page, link: str, folder: Path) -> None:
    """The language, then the empty form and the form with its mistakes, in both languages."""
    for language in ("ru", "en"):
        page.context.clear_cookies()
        page.goto(link)
        taken(page, "first-language", language, folder)
        press(page, f"button[name=language][value={language}]")
        taken(page, "first-company", language, folder)
        send(page, "main form", **FOUNDER, password="короткий")
        taken(page, "first-company-refused", language, folder)


def after(page: Page, link: str, folder: Path) -> None:
    """The company is founded, somebody is invited, the first day begins."""
    page.goto(link)
    send(page, "main form", name="Волна", **FOUNDER, password=SECRET)
    for language in ("ru", "en"):
        prefer(page, language)
        page.goto("/settings/invite/?then=empty")
        taken(page, "first-invite", language, folder)
        send(page, "main form", **{**INVITED, "email": f"{language}.{INVITED['email']}"}, role="7")
        taken(page, "first-invited", language, folder)
        page.goto("/")
        taken(page, "first-day", language, folder)
        page.goto("/settings/")
        taken(page, "first-settings", language, folder)


def main() -> None:
    """Read the wishes and look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--link", required=True, help="the link for the first administrator")
    parser.add_argument("--to", type=Path, required=True, help="a folder for the pictures")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    parts = urlsplit(given.link)
    with sync_playwright() as driver:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_context(base_url=f"{parts.scheme}://{parts.netloc}", reduced_motion="reduce").new_page()
        before(page, given.link, given.to)
        after(page, given.link, given.to)
        for name in sorted({path.name.partition(".")[0] for path in given.to.glob("first-*.wide.png")}):
            put_together(page, name, given.to)
        browser.close()


if __name__ == "__main__":
    main()
