"""Photograph what takes several people to see: second steps, invitations, somebody else's save, a full server.

    python -m tools.door --port N --data DIR --to FOLDER

It changes the demo company (some people get a second step, two roles must have one, mail is set up, customers are
merged), so it is run once, on a data folder that nobody needs afterwards. Every picture is taken in both languages,
themes and widths.
"""

from __future__ import annotations

import argparse
import re
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, sync_playwright

from tools.album import GRID, sheet
from tools.look import FLAGS, PHONE, WIDE, Visit, prefer, sign_in
from tools.scenes import Scene, post

PEOPLE = {"en": "kuzmin", "ru": "belova"}
ENGINEER = "zhukov"
KEY_HOLDERS = {"en": "timofeev", "ru": "morozova"}
FORCED = {"en": ("zotova", "Маркетолог|Marketer"), "ru": ("karimova", "Менеджер по продажам|Seller")}
AUTHENTICATOR = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}


def shoot(page: Page, name: str, language: str, folder: Path) -> None:
    """The page as it stands, in four variants."""
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        page.set_viewport_size(size)
        page.wait_for_timeout(150)
        full = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], min(full, 1400))})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two words it knows
            page.wait_for_timeout(60)
            page.screenshot(path=folder / f"{name}.{language}.{theme}.{width}.png")
    page.set_viewport_size(WIDE)


class Desk:
    """Browsers of several people, and where their pictures go."""

    def __init__(self, browser: Browser, visit: Visit, passwords: dict[str, str], language: str) -> None:
        self.browser, self.visit, self.passwords, self.language = browser, visit, passwords, language

    def stranger(self) -> Page:
        """A browser in which nobody has signed in."""
        context = self.browser.new_context(base_url=self.visit.base, reduced_motion="reduce", locale=self.language)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.goto("/sign-in/")
        with page.expect_navigation():
            page.locator(f"button[name=language][value={self.language}]").first.click()
        return page

    def known(self, who: str = "guseva") -> Page:
        """Somebody who has signed in, in the language of the pictures."""
        email = f"{who}@volna.example"
        visit = Visit(self.visit.base, email, self.passwords[email], self.visit.folder)
        page = sign_in(self.browser, visit).new_page()
        page.set_default_timeout(15000)
        prefer(page, self.language)
        return page

    def enter(self, page: Page, who: str) -> None:
        """Give e-mail and password at the door."""
        email = f"{who}@volna.example"
        page.goto("/sign-in/")
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(self.passwords[email])
        page.locator("main button[data-submit]").first.click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in/"))

    def keep(self, page: Page, name: str) -> None:
        """Photograph under this name."""
        shoot(page, name, self.language, self.visit.folder)


def second_step(desk: Desk) -> None:
    """An app is connected, its recovery codes are shown, and it is asked for at the next sign-in."""
    who = PEOPLE[desk.language]
    page = desk.known(who)
    page.goto("/me/second-step/app/")
    desk.keep(page, "connect-an-app")
    totp = pyotp.TOTP("".join(page.locator(".secret").first.inner_text().split()))
    page.locator("[name=code]").fill(totp.now())
    page.locator("main form.form button[type=submit]").first.click()
    page.wait_for_selector(".codes li")
    desk.keep(page, "recovery-codes")
    page.goto("/me/second-step/")
    desk.keep(page, "second-step-connected")
    door = desk.stranger()
    desk.enter(door, who)
    desk.keep(door, "second-step-asked")
    door.locator("[name=code]").fill("000000")
    door.locator("main button[type=submit]:not([name=language])").first.click()
    door.wait_for_timeout(700)
    desk.keep(door, "second-step-wrong")


def named(desk: Desk) -> Desk:
    """The same house under a name: browsers make passkeys for names alone."""
    visit = replace(desk.visit, base=desk.visit.base.replace("127.0.0.1", "localhost"))
    return Desk(desk.browser, visit, desk.passwords, desk.language)


def with_keys(page: Page) -> Page:
    """A browser that has an authenticator of its own."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"isUserVerified": True}})
    return page


def passkeys(desk: Desk) -> None:
    """The list of passkeys with two keys in it, and the door that asks for one."""
    at_home, who = named(desk), KEY_HOLDERS[desk.language]
    page = with_keys(at_home.known(who))
    for name in ("Work laptop", "Phone") if desk.language == "en" else ("Рабочий ноутбук", "Телефон"):
        page.goto("/me/second-step/")
        page.locator("#passkeys [name=name]").fill(name)
        page.locator("#passkeys [data-passkey]").click()
        page.wait_for_timeout(1500)
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.disable")
        with_keys(page)
    page.goto("/me/second-step/")
    at_home.keep(page, "passkeys-with-keys")
    door = at_home.stranger()
    at_home.enter(door, who)
    at_home.keep(door, "passkey-asked")


def forced_passkey(desk: Desk) -> None:
    """A role must have a second step: the set-up page at the door, and the codes after a passkey was made there."""
    at_home, (who, role) = named(desk), FORCED[desk.language]
    ask_for_factor(desk, role)
    door = with_keys(at_home.stranger())
    at_home.enter(door, who)
    at_home.keep(door, "set-up-with-passkey")
    door.locator("[data-passkey]").first.click()
    door.wait_for_selector(".codes li")
    at_home.keep(door, "set-up-done-with-passkey")


def large_undo(desk: Desk) -> None:
    """A large change, the journal that names it, and its undo; each language with a field of its own."""
    admin = desk.known()
    admin.goto("/parties/")
    field, value = ("city", "Тверь") if desk.language == "ru" else ("note", "Asked for the price list of 2027")
    ids = [str(pk) for pk in range(21, 28)]
    post("/parties/bulk/", id=ids, step=["preview"], pick=[field], **{field: [value]})(admin)
    admin.locator("#bulk button.primary, main form button.primary").last.click()
    admin.wait_for_url(re.compile(r"/journal/runs/\d+/"))
    admin.wait_for_timeout(4000)
    admin.goto(admin.url)
    desk.keep(admin, "large-change-done")
    admin.goto("/journal/")
    desk.keep(admin, "journal-with-large-change")
    admin.locator("tbody form button", has_text=re.compile("Отменить|Undo")).first.click()
    admin.wait_for_timeout(5000)
    admin.goto(admin.url)
    desk.keep(admin, "large-change-undone")
    admin.goto("/journal/")
    desk.keep(admin, "journal-with-large-undo")


def merged(desk: Desk) -> None:
    """Two customers that are one: the choice, the dossier and the history of the one that stayed, and its journal."""
    admin = desk.known()
    numbers = []
    for name, city in (("Ромашка Юг", "Казань"), ("Romashka Yug", "Самара")):
        admin.goto("/parties/new/")
        admin.locator("#record-form [name=display_name]").fill(f"{name} {desk.language}")
        admin.locator("#record-form [name=city]").fill(city)
        admin.locator("#record-form [data-submit]").first.click()
        admin.wait_for_url(re.compile(r"/parties/\d+/$"))
        numbers.append(re.findall(r"/parties/(\d+)/", admin.url)[0])
    admin.goto(f"/parties/{numbers[0]}/merge/?with={numbers[1]}")
    desk.keep(admin, "merge-choice")
    admin.locator(f'[name="take__city"][value="{numbers[1]}"]').check()
    admin.locator("#merge form button.primary, main form button.primary").last.click()
    admin.wait_for_url(re.compile(rf"/parties/{numbers[0]}/$"))
    desk.keep(admin, "dossier-after-merge")
    admin.goto(f"/parties/{numbers[0]}/history/")
    desk.keep(admin, "history-after-merge")


def ask_for_factor(desk: Desk, name: str) -> None:
    """Let a role ask for a second step from today on."""
    admin = desk.known()
    admin.goto("/roles/")
    role = admin.locator("tbody a", has_text=re.compile(name)).first.get_attribute("href") or ""
    role = role.partition("?")[0]
    admin.goto(f"{role}edit/")
    admin.locator("[name=factor_from]").fill("01.12.2026" if desk.language == "ru" else "1 Dec 2026")
    admin.locator("main form.form button[data-submit]").first.click()
    admin.wait_for_timeout(900)


def enrolment(desk: Desk) -> None:
    """A role must have a second step: whoever lacks it sets it up at the door."""
    ask_for_factor(desk, "Инженер|Engineer")
    door = desk.stranger()
    desk.enter(door, ENGINEER)
    desk.keep(door, "second-step-forced")


def invitation(desk: Desk) -> None:
    """A live link to choose a password, and the way to a new one by letter."""
    admin = desk.known()
    admin.goto("/users/9/")
    post("/users/9/invite/")(admin)
    link = admin.locator(".secret").first.inner_text().strip()
    door = desk.stranger()
    door.goto(re.sub(r"^https?://[^/]+", "", link))
    desk.keep(door, "invitation-live")
    admin.goto("/settings/mail/")
    admin.locator("[name=host]").fill("smtp.volna.example")
    admin.locator("[name=sender]").fill("crm@volna.example")
    admin.locator("main form.form button[data-submit], main form.form button[type=submit]").first.click()
    admin.wait_for_timeout(900)
    door.goto("/sign-in/forgot/")
    desk.keep(door, "forgot-live")
    door.locator("[name=email]").fill("nobody@volna.example")
    door.locator("main button[type=submit]:not([name=language])").first.click()
    door.wait_for_timeout(700)
    desk.keep(door, "forgot-sent")
    door.goto("/sign-in/")
    desk.keep(door, "sign-in-with-mail")


def clash(desk: Desk) -> None:
    """Somebody else saved first: in a form, and before an act."""
    first, second = desk.known(), desk.known()
    for page in (first, second):
        page.goto("/deals/55/edit/")
    for page, name in ((first, f"Партия {desk.language} 1"), (second, f"Партия {desk.language} 2")):
        page.locator("#record-form [name=name]").fill(name)
        page.locator("#record-form [data-submit]").first.click()
        page.wait_for_timeout(1200)
    desk.keep(second, "two-people-one-field")
    first.goto("/tasks/2/")
    post("/tasks/2/complete/", version=["0"])(first)
    desk.keep(first, "saved-by-somebody-first")


def too_busy(desk: Desk) -> None:
    """More requests at once than the server takes from one."""
    page = desk.known()
    page.goto("/")
    for _turn in range(12):
        page.evaluate("for (let n = 0; n < 90; n++) void fetch('/deals/?view=board&n=' + Math.random())")
        other = page.context.new_page()
        answer = other.goto("/reports/funnel/")
        if answer is not None and answer.status >= 429:
            desk.keep(other, f"too-busy-{answer.status}")
            break
        other.close()
        time.sleep(0.2)


STORIES = (large_undo, merged, passkeys, second_step, forced_passkey, enrolment, invitation, clash, too_busy)


def main() -> None:
    """Tell the stories one after the other; one that fails is named and the others go on."""
    parser = argparse.ArgumentParser(prog="door", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the data folder of the running product")
    parser.add_argument("--to", type=Path, required=True, help="a folder for the pictures")
    parser.add_argument("stories", nargs="*", help="only these")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    lines = (line.split("  ") for line in (given.data / "demo-signins.txt").read_text(encoding="utf-8").splitlines())
    passwords = {line[0]: line[1] for line in lines if len(line) > 1}
    visit = Visit(f"http://127.0.0.1:{given.port}", "", "", given.to)
    with sync_playwright() as driver:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        for language in ("en", "ru"):
            for story in STORIES:
                if given.stories and story.__name__ not in given.stories:
                    continue
                try:
                    story(Desk(browser, visit, passwords, language))
                except Exception as trouble:  # one story that cannot be told must not hide the others
                    print(f"NOT TOLD {story.__name__} {language}: {str(trouble).splitlines()[0]}", flush=True)
        sheets = browser.new_context().new_page()
        for name in sorted({path.name.split(".")[0] for path in given.to.glob("*.en.light.wide.png")}):
            for width in GRID:
                sheet(sheets, Scene(name, ""), width, given.to)
        browser.close()


if __name__ == "__main__":
    main()
