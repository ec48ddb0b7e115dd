"""Photograph every kind of screen of a running `bin/serve --demo` in both languages, themes and widths.

    python -m tools.look --port N --data DIR --to FOLDER [--as guseva] [part of an address …]

Walks the links from the first page; of all addresses that differ only in numbers one is taken. Each screen is
photographed wide and narrow, light and dark, in both languages, its four phones also beside one another. What needs no
eye is said: pages that run sideways, targets too low for a finger, errors of scripts, answers that are no page.
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

LINK = re.compile(r'(?:href|hx-get|data-drawer|data-href)="([^"#]+)')
NEVER = re.compile(
    r"/(sign-out|static|api|export|exports|dav)/|\.(css|js|svg|png|csv|xlsx|zip|webmanifest)$|^/healthz|^/readyz"
)
TELLING = ("view", "kind", "tree", "code")
ALIKE = (  # screens that are one and the same for every type of record
    (re.compile(r"^/[\w-]+/N/(history|merge|split|archive|why)/"), r"/TYPE/N/\1/"),
    (re.compile(r"^/(trees|settings/attributes)/[\w-]+/"), r"/\1/TYPE/"),
)
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=800)
VARIANTS = tuple((language, theme) for language in ("ru", "en") for theme in ("light", "dark"))
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
# A box or a round to tick is let off: its label or its cell is the target.
MEASURED = """() => {
    const seen = one => one.getClientRects().length && getComputedStyle(one).position !== 'absolute'
    const inText = one => one.tagName === 'A' && one.closest('p, li, td, dd, h1, h2, h3')
    const small = [...document.querySelectorAll('a, button, input, select, summary')].filter(one =>
        seen(one) && !inText(one) && !one.matches('[type=checkbox], [type=radio]') && one.offsetHeight < 24)
    return {
        over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        small: small.slice(0, 5).map(one => one.outerHTML.slice(0, 90)),
        nodes: document.querySelectorAll('*').length,
    }
}"""


@dataclass(frozen=True)
class Visit:
    """Where the product answers and who looks."""

    base: str
    email: str
    password: str
    folder: Path


def shape(address: str) -> str:
    """What remains of an address when its numbers and its passing choices are taken away."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name in TELLING]
    path = re.sub(r"\d+", "N", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "U", parts.path))
    for own, common in ALIKE:
        path = own.sub(common, path)
    return path + (f"?{urlencode(kept)}" if kept else "")


def walk(page: Page, most: int) -> dict[str, str]:
    """One address for each kind of screen that links lead to."""
    found: dict[str, str] = {}
    waiting = ["/", "/settings/", "/ui/"]
    seen: set[str] = set()
    while waiting and len(found) < most:
        address = waiting.pop(0)
        kind = shape(address)
        if kind in seen or NEVER.search(address):
            continue
        seen.add(kind)
        answer = page.request.get(address, max_redirects=3)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            if answer.status >= 400:
                print(f"{answer.status}  {address}")
            continue
        found[kind] = address
        links = (link.replace("&amp;", "&") for link in LINK.findall(answer.text()))
        waiting += [link for link in links if link.startswith("/") and not link.startswith("//")]
    return found


def sign_in(browser: Browser, visit: Visit) -> BrowserContext:
    """A browser in which that person has signed in."""
    context = browser.new_context(base_url=visit.base, locale="ru-RU", viewport=WIDE, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/sign-in/")
    page.locator("input[name=email]").fill(visit.email)
    page.locator("input[name=password]").fill(visit.password)
    page.locator("main button[type=submit]").last.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    return context


def prefer(page: Page, language: str) -> None:
    """Choose the language, and the theme of the device."""
    page.goto("/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    form: dict[str, str | float | bool] = {
        "language": language,
        "theme": "system",
        "csrfmiddlewaretoken": token,
        "next": "/",
    }
    page.request.post("/me/preferences/", form=form, headers={"Origin": page.url.rstrip("/"), "Referer": page.url})


def photograph(page: Page, name: str, address: str, *, language: str, folder: Path) -> Iterator[str]:
    """The four pictures of a screen in one language; gives what is amiss."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width, size in (("wide", WIDE), ("phone", PHONE)):
            page.set_viewport_size(size)
            page.goto(address)
            page.wait_for_timeout(60)
            full = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(size["height"], min(full, 1500))})
            page.screenshot(path=folder / f"{name}.{language}.{theme}.{width}.png")
            if theme == "light":
                yield from amiss(page.evaluate(MEASURED), f"{address} {language} {width}", is_phone=width == "phone")


def amiss(measured: dict[str, object], where: str, *, is_phone: bool) -> Iterator[str]:
    """What no eye is needed for."""
    if int(str(measured["over"])) > 0:
        yield f"sideways by {measured['over']}: {where}"
    if measured["small"] and is_phone:
        yield f"small targets: {where}: {measured['small']}"
    if int(str(measured["nodes"])) > 2500:
        yield f"{measured['nodes']} nodes: {where}"


def put_together(page: Page, name: str, folder: Path) -> None:
    """The four phones of a screen beside one another."""
    pictures = "".join(f'<img src="{name}.{language}.{theme}.phone.png">' for language, theme in VARIANTS)
    sheet = folder / "sheet.html"
    sheet.write_text(f'<body style="margin:0;display:flex;gap:8px;background:#888;align-items:start">{pictures}</body>')
    page.set_viewport_size({"width": 1464, "height": 800})
    page.goto(sheet.as_uri())
    page.screenshot(path=folder / f"{name}.phones.png", full_page=True)
    sheet.unlink()


def look(browser: Browser, visit: Visit, parts: list[str], most: int) -> None:
    """Everything, and a list of what was seen."""
    context = sign_in(browser, visit)
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"script: {page.url}: {error}"))
    prefer(page, "ru")
    screens = {
        kind: address for kind, address in walk(page, most).items() if not parts or any(part in kind for part in parts)
    }
    names = {
        kind: f"{number:03d}{re.sub(r'[^a-zA-Z0-9]+', '-', kind).rstrip('-')}" for number, kind in enumerate(screens)
    }
    for language in ("en", "ru"):
        prefer(page, language)
        for kind, address in screens.items():
            for said in photograph(page, names[kind], address, language=language, folder=visit.folder):
                print(said, flush=True)
    context.close()
    sheets = browser.new_context().new_page()
    for name in names.values():
        put_together(sheets, name, visit.folder)
    (visit.folder / "screens.txt").write_text("".join(f"{names[kind]}  {screens[kind]}\n" for kind in screens))
    print(f"{len(screens)} screens in {visit.folder}")


def main() -> None:
    """Read the wishes and look."""
    parser = argparse.ArgumentParser(prog="look", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the data folder of the running product")
    parser.add_argument("--to", type=Path, required=True, help="a folder for the pictures")
    parser.add_argument("--as", dest="who", default="guseva", help="the short name of one of the demo company")
    parser.add_argument("--most", type=int, default=300, help="how many screens at the most")
    parser.add_argument("parts", nargs="*", help="only addresses with one of these parts")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    email = f"{given.who}@volna.example"
    lines = (line.split("  ") for line in (given.data / "demo-signins.txt").read_text(encoding="utf-8").splitlines())
    password = next(password for known, password, *_who in lines if known == email)
    visit = Visit(f"http://127.0.0.1:{given.port}", email, password, given.to)
    with sync_playwright() as driver:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        look(browser, visit, given.parts, given.most)
        browser.close()


if __name__ == "__main__":
    main()
