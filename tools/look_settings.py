"""Photograph every kind of screen of the settings, files and duplicates, each in its eight variants.

    python -m tools.look_settings --port N --data DIR --to FOLDER [part of a name …]

First it does what the screens need (a webhook, a field with values, an import, a search for duplicates, a person who
left …), so let it look at an installation that nobody works in. Then each screen is opened in Russian and in English
and photographed in light and dark, 1280 and 360 wide. `NAME.wide.png` and `NAME.phones.png` show the four of each width
beside one another; what needs no eye (a page that runs sideways) is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooSlow

from tools.look import FLAGS, MEASURED, PHONE, VARIANTS, WIDE, Visit, amiss, prefer, sign_in
from tools.look_made import MADE, address_of, made_field, press, send

Steps = Callable[[Page], None]
TALL = 2400


@dataclass(frozen=True)
class Kind:
    """One kind of screen: what it is called, where it stands, and what is done on it before it is looked at."""

    name: str
    address: str
    steps: Steps | None = None


def shown_secret(page: Page) -> None:
    """The secret as it is shown: the first time, or a new one in place of it."""
    if not page.locator("#webhook-secret form button").count():
        address = address_of(page)
        page.goto(f"{address}renew/")
        press(page, "main form button.primary, main form button.danger")
        page.goto(address)
    press(page, "#webhook-secret form button")


def filled(**fields: str) -> Steps:
    """Fill in the form of the page and send it."""
    return lambda page: send(page, **fields)


def pressed(*selectors: str) -> Steps:
    """Press one thing after the other."""

    def steps(page: Page) -> None:
        for selector in selectors:
            press(page, selector)

    return steps


def opened(selector: str) -> Steps:
    """Open what lies folded."""
    return lambda page: page.locator(selector).first.click()


def export_running(page: Page) -> None:
    """The page of a long export while it is written: it is not let see the end."""
    page.route("**/exports/*/", lambda route: route.fulfill(status=204))
    page.wait_for_load_state("networkidle")


NEW_TOKEN = filled(name="Обмен со складом", scopes="deal:view party:*")
KINDS = (
    Kind("settings", "/settings/"),
    Kind("settings-found", "/settings/?q=валюта"),
    Kind("settings-nothing-found", "/settings/?q=неттакого"),
    Kind("company", "/settings/company/"),
    Kind("company-refused", "/settings/company/", filled(name="")),
    Kind("mail", "/settings/mail/"),
    Kind("mail-refused", "/settings/mail/", filled(host="10.0.0.1", port="0", sender="x")),
    Kind("sign-on", "/settings/sign-on/"),
    Kind("sign-on-new", "/settings/sign-on/new/"),
    Kind("directory", "/settings/directory/"),
    Kind("opened-hosts", "/opened-hosts/"),
    Kind("opened-host-new", "/opened-hosts/new/"),
    Kind("opened-host-refused", "/opened-hosts/new/", filled(host="*.local")),
    Kind("people", "/users/"),
    Kind("person-new", "/users/new/"),
    Kind("person", "/users/4/"),
    Kind("person-edit", "/users/4/edit/"),
    Kind("person-history", "/users/4/history/"),
    Kind("person-give-role", "/users/4/give/"),
    Kind("person-deactivate", "/users/4/deactivate/"),
    Kind("person-left", "{left}"),
    Kind("hand-over", "{left}", pressed("#leaving form button")),
    Kind("invite", "/settings/invite/"),
    Kind("invite-refused", "/settings/invite/", filled(person="Иванов Иван", email="guseva@volna.example", role="7")),
    Kind("view-as", "/roles/7/", pressed("form[action$='/look-as/'] button")),
    Kind("roles", "/roles/"),
    Kind("role", "/roles/7/"),
    Kind("role-edit", "/roles/7/edit/"),
    Kind("role-new", "/roles/new/"),
    Kind("rights", "/roles/7/grants/", opened("details[data-row=deal] summary")),
    Kind("rights-compare", "/roles/7/grants/?compare=6"),
    Kind("rights-copy", "/roles/7/grants/?copy=6"),
    Kind("rights-preview", "/roles/7/grants/?copy=6", pressed("form.wide button[data-submit]")),
    Kind("why", "/deals/1/why/"),
    Kind("teams", "/teams/"),
    Kind("team", "/teams/2/"),
    Kind("team-new", "/teams/new/"),
    Kind("tokens-of-all", "/settings/tokens/"),
    Kind("tokens", "/me/tokens/"),
    Kind("token-made", "/me/tokens/", NEW_TOKEN),
    Kind("pipelines", "/pipelines/"),
    Kind("pipeline", "/pipelines/1/"),
    Kind("pipeline-new", "/pipelines/new/"),
    Kind("pipeline-versions", "/pipeline-versions/"),
    Kind("pipeline-version", "/pipeline-versions/1/"),
    Kind("stages", "/stages/"),
    Kind("stage", "/stages/2/"),
    Kind("stage-edit", "/stages/2/edit/"),
    Kind("stage-new", "/stages/new/"),
    Kind("dictionary", "/loss-reasons/"),
    Kind("dictionary-industries", "/industries/"),
    Kind("dictionary-sources", "/contact-sources/"),
    Kind("dictionary-competitors", "/competitors/"),
    Kind("dictionary-value", "/loss-reasons/1/"),
    Kind("dictionary-edit", "/loss-reasons/1/edit/"),
    Kind("dictionary-new", "/loss-reasons/new/"),
    Kind("dictionary-archive", "/loss-reasons/1/archive/"),
    Kind("products", "/products/"),
    Kind("product", "/products/1/"),
    Kind("product-new", "/products/new/"),
    Kind("product-categories", "/product-categories/"),
    Kind("tax-rates", "/tax-rates/"),
    Kind("tax-rate-new", "/tax-rates/new/"),
    Kind("objects", "/settings/attributes/"),
    Kind("object-empty", "/settings/attributes/task/"),
    Kind("object", "/settings/attributes/party/"),
    Kind("field-new", "/settings/attributes/party/new/"),
    Kind("field-formula", "/settings/attributes/party/new/?kind=formula"),
    Kind("field-alike", "/settings/attributes/party/new/", filled(name="Этажность", kind="number")),
    Kind("field-edit", "/settings/attributes/party/", pressed("main tbody th a")),
    Kind("field-details", "/settings/attributes/party/", pressed("a[href$='/details/']")),
    Kind("field-values", "/settings/attributes/party/", pressed("a[href$='/values/']")),
    Kind("value-merge", "/settings/attributes/party/", pressed("a[href$='/values/']", "a[href$='/merge/']")),
    Kind("audit", "/settings/audit/"),
    Kind("audit-filtered", "/settings/audit/?kind=sign-in"),
    Kind("webhooks", "/webhooks/"),
    Kind("webhook-new", "/webhooks/new/"),
    Kind("webhook-refused", "/webhooks/new/", filled(name="x", url="http://10.0.0.1/", types="deal.won")),
    Kind("webhook", "{webhook}"),
    Kind("webhook-secret", "{webhook}", shown_secret),
    Kind("webhook-delivery", "{webhook}", pressed("main a[href^='/webhook-deliveries/']:not([href*='?'])")),
    Kind("webhook-deliveries", "/webhook-deliveries/"),
    Kind("api-docs", "/api/v1/docs"),
    Kind("api-docs-of", "/api/v1/docs/deals/"),
    Kind("import", "/import/"),
    Kind("import-refused-file", "/import/", pressed("main form button.primary")),
    Kind("import-plan", "{planned}"),
    Kind("import-checked", "{checked}"),
    Kind("import-rows-refused", "{checked}rows/bad/"),
    Kind("import-rows-skipped", "{checked}rows/skipped/"),
    Kind("import-rows-asked", "{checked}rows/ask/"),
    Kind("import-done", "{done}"),
    Kind("import-taken-back", "{back}"),
    Kind("duplicates", "{pairs}"),
    Kind("duplicates-none", "/duplicates/?type=task"),
    Kind("merge", "/parties/1/merge/"),
    Kind("merge-compare", "{pairs}", pressed("a[href*='/merge/?with']")),
    Kind("split", "{merged}"),
    Kind("export-running", "{long}", export_running),
    Kind("demo-data", "/settings/demo/"),
    Kind("demo-refused", "/settings/demo/", pressed("#demo form button")),
)


def photograph(page: Page, kind: Kind, language: str, folder: Path, made: dict[str, str]) -> Iterator[str]:
    """The four pictures of one screen in one language; what is amiss."""
    page.set_viewport_size(WIDE)
    page.goto(kind.address.format_map(made))
    if kind.steps is not None:
        kind.steps(page)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width, size in (("wide", WIDE), ("phone", PHONE)):
            page.set_viewport_size(size)
            full = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(size["height"], min(full, TALL))})
            page.screenshot(path=folder / f"{kind.name}.{language}.{theme}.{width}.png")
            if theme == "light":
                said = page.evaluate(MEASURED)
                yield from amiss(said, f"{kind.name} {language} {width}", is_phone=width == "phone")


def put_together(page: Page, name: str, folder: Path) -> None:
    """The four phones beside one another; the wide ones in two rows."""
    for width, across, size in (("phone", 1464, 360), ("wide", 2056, 1024)):
        pictures = "".join(
            f'<img src="{name}.{language}.{theme}.{width}.png" width="{size}">' for language, theme in VARIANTS
        )
        sheet = folder / f"sheet-{width}.html"
        style = "margin:0;display:flex;flex-wrap:wrap;gap:8px;background:#888;align-items:start"
        sheet.write_text(f'<body style="{style}">{pictures}</body>')
        page.set_viewport_size({"width": across, "height": 800})
        page.goto(sheet.resolve().as_uri())
        page.screenshot(path=folder / f"{name}.{width}s.png", full_page=True)
        sheet.unlink()


def prepare(page: Page, folder: Path, names: set[str]) -> dict[str, str]:
    """Make what the screens need, once; where it stands is kept beside the pictures."""
    book = folder / "made.json"
    made: dict[str, str] = json.loads(book.read_text()) if book.exists() else {}
    if "fields" not in made:
        made_field(page, "number", "Этажность")
        made_field(page, "choice", "Сегмент", values="Крупные\nСредние\nМелкие\nМелкие и частные")
        made["fields"] = "/settings/attributes/party/"
    for name, make in MADE.items():
        if name in names and name not in made:
            try:
                made[name] = make(page)
            except (TooSlow, AssertionError) as trouble:
                print(f"not made: {name}: {str(trouble)[:200]} at {page.url}", flush=True)
    book.write_text(json.dumps(made, ensure_ascii=False, indent=1))
    return made


def look(browser: Browser, visit: Visit, parts: list[str]) -> None:
    """Everything that was asked for, in both languages."""
    kinds = [kind for kind in KINDS if not parts or any(re.fullmatch(part, kind.name) for part in parts)]
    context = sign_in(browser, visit)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: print(f"script: {page.url}: {error}"))
    prefer(page, "ru")
    names = {name for kind in kinds for name in re.findall(r"\{(\w+)\}", kind.address)}
    made = prepare(page, visit.folder, names)
    for language in ("ru", "en"):
        prefer(page, language)
        for kind in kinds:
            try:
                for said in photograph(page, kind, language, visit.folder, made):
                    print(said, flush=True)
            except (TooSlow, KeyError) as trouble:
                print(f"not seen: {kind.name} {language}: {str(trouble)[:160]} at {page.url}", flush=True)
            if kind.name == "view-as":
                page.request.post("/looking/end/", form=token_of(page), headers={"Referer": page.url})
    prefer(page, "ru")
    context.close()
    sheets = browser.new_context().new_page()
    for kind in kinds:
        with contextlib.suppress(TooSlow):
            put_together(sheets, kind.name, visit.folder)


def token_of(page: Page) -> dict[str, str | float | bool]:
    """What a form sends to prove that it is of the product."""
    return {"csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""}


def main() -> None:
    """Read the wishes and look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the data folder of the running product")
    parser.add_argument("--to", type=Path, required=True, help="a folder for the pictures")
    parser.add_argument("parts", nargs="*", help="only screens of these names (patterns)")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    email = "guseva@volna.example"
    lines = (line.split("  ") for line in (given.data / "demo-signins.txt").read_text(encoding="utf-8").splitlines())
    password = next(password for known, password, *_who in lines if known == email)
    with sync_playwright() as driver:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        look(browser, Visit(f"http://127.0.0.1:{given.port}", email, password, given.to), given.parts)
        browser.close()


if __name__ == "__main__":
    main()
