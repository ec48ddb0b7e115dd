"""Every kind of screen of the daily work by name, with the gestures that it takes to see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.sync_api import Page

Step = Callable[[Page], None]
NOW = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M+00:00")
GUSEVA, SELLER = "guseva", "sokolov"


@dataclass(frozen=True)
class Scene:
    """One kind of screen: its name, its address, what is done there before the picture, and who looks."""

    name: str
    address: str
    steps: tuple[Step, ...] = ()
    who: str = GUSEVA
    is_paper: bool = False


def press(keys: str) -> Step:
    """Press a key or a chord."""
    return lambda page: page.keyboard.press(keys)


def click(selector: str) -> Step:
    """Click the first of these that can be seen."""
    return lambda page: page.locator(selector).locator("visible=true").first.click()


def choose(name: str) -> Step:
    """Open a menu by its button, or without it when the width hides the button."""

    def chosen(page: Page) -> None:
        button = page.locator(f"[popovertarget={name}]").locator("visible=true")
        if button.count():
            return button.first.click()
        return page.evaluate("id => document.getElementById(id).showPopover()", name)

    return chosen


def fill(selector: str, text: str) -> Step:
    """Type a text."""
    return lambda page: page.locator(selector).first.fill(text)


def calm(page: Page) -> None:
    """Wait until nothing is on its way."""
    page.wait_for_timeout(350)


def post(address: str, **fields: list[str]) -> Step:
    """Come to a page that only answers to a form."""

    def posted(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(
                """([action, fields]) => {
                    const form = document.createElement('form')
                    form.method = 'post', form.action = action
                    const token = document.querySelector('[name=csrfmiddlewaretoken]').value
                    for (const [name, value] of [...Object.entries(fields), ['csrfmiddlewaretoken', [token]]]) {
                        for (const one of value) {
                            const input = document.createElement('input')
                            input.name = name, input.value = one
                            form.append(input)
                        }
                    }
                    document.body.append(form), HTMLFormElement.prototype.submit.call(form)
                }""",
                [address, fields],
            )

    return posted


def ticked(count: int) -> Step:
    """Tick the first rows of a list."""

    def tick(page: Page) -> None:
        for box in page.locator("tbody .tick input").all()[:count]:
            box.check(force=True)

    return tick


def forget(page: Page) -> None:
    """End the session behind the page's back."""
    page.context.clear_cookies(name=re.compile("session"))


DOOR = (
    Scene("sign-in", "/sign-in/", who=""),
    Scene(
        "sign-in wrong",
        "/sign-in/",
        (
            fill("[name=email]", "nobody@volna.example"),
            fill("[name=password]", "no"),
            click("main button[type=submit]:not([name=language])"),
            calm,
        ),
        who="",
    ),
    Scene("sign-in forgot", "/sign-in/forgot/", who=""),
    Scene("invitation dead", "/join/no-such-secret/", who=""),
    Scene(
        "session expired",
        "/deals/new/",
        (fill("#record-form [name=name]", "Насосы"), forget, press("Control+Enter"), calm, calm),
        who="morozova",
    ),
)
FRAME = (
    Scene("my day", "/"),
    Scene("my day of a seller", "/", who=SELLER),
    Scene("menu of creation", "/", (choose("create-menu"),)),
    Scene("menu of oneself", "/", (choose("me-menu"),)),
    Scene("navigation as a sheet", "/", (choose("navigation"),)),
    Scene("map of keys", "/deals/1/", (press("Shift+Slash"), calm)),
    Scene("palette before typing", "/", (press("Control+k"), calm)),
    Scene("palette found", "/", (press("Control+k"), lambda page: page.keyboard.type("нева"), calm, calm)),
    Scene("palette nothing found", "/", (press("Control+k"), lambda page: page.keyboard.type("яяяя"), calm, calm)),
    Scene(
        "palette actions",
        "/",
        (press("Control+k"), lambda page: page.keyboard.type("нева"), calm, calm, press("Shift+Enter"), calm),
    ),
    Scene("search page", "/search/?q=нева"),
    Scene("search page nothing", "/search/?q=яяяя"),
    Scene("help", "/help/"),
    Scene("gallery", "/ui/"),
    Scene("steps one by one", "/steps/", who="karimova"),
)
WORK = (
    Scene("tasks", "/tasks/"),
    Scene("tasks in work", "/tasks/?saved=in-work"),
    Scene("task calendar", "/tasks/?view=calendar"),
    Scene("task", "/tasks/1/"),
    Scene("task new", "/tasks/new/"),
    Scene("task edit", "/tasks/1/edit/"),
    Scene("interactions", "/interactions/"),
    Scene("interaction", "/interactions/1/"),
    Scene("interaction edit", "/interactions/1/edit/"),
    Scene("log sheet", "/deals/1/", (press("l"), calm)),
    Scene("log page", "/log/"),
    Scene("log refused", "/log/", (click("main form button[data-submit], main .form-actions button"), calm, calm)),
    Scene("quick create", "/parties/quick/"),
    Scene(
        "quick create doubles",
        "/parties/quick/",
        (fill("main form input:not([type=hidden])", "Нева-Пак"), press("Tab"), calm, calm),
    ),
)
PROMISES = (
    Scene("promises", "/obligations/"),
    Scene("promises by day", "/obligations/?view=calendar"),
    Scene("promise", "/obligations/1/"),
    Scene("promise new", "/obligations/new/"),
    Scene("promise postponed", "/obligations/1/postpone/"),
    Scene("calls", "/calls/"),
    Scene("call", "/calls/1/"),
    Scene("call new", "/calls/new/"),
)
PARTIES = (
    Scene("parties", "/parties/"),
    Scene("parties tree", "/parties/?tree=1"),
    Scene("dossier", "/parties/1/"),
    Scene("dossier of a seller", "/parties/13/", who=SELLER),
    Scene("party new", "/parties/new/"),
    Scene("party edit", "/parties/1/edit/"),
    Scene("party refused", "/parties/new/", (click("#record-form [data-submit]"), calm, calm)),
    Scene("party archive", "/parties/1/archive/"),
    Scene("contacts", "/contacts/"),
    Scene("contact", "/contacts/1/"),
    Scene("contact new", "/contacts/new/"),
    Scene("contact edit", "/contacts/1/edit/"),
    *(
        Scene(f"{noun} list", f"/{noun}/")
        for noun in (
            "contact-points",
            "contact-positions",
            "requisites",
            "bank-accounts",
            "banks",
            "addresses",
            "party-roles",
            "party-relations",
            "consents",
        )
    ),
    *(
        Scene(f"{noun} one", f"/{noun}/1/")
        for noun in (
            "contact-points",
            "contact-positions",
            "requisites",
            "bank-accounts",
            "banks",
            "addresses",
            "party-roles",
            "party-relations",
            "consents",
        )
    ),
    *(
        Scene(f"{noun} new", f"/{noun}/new/?party=1")
        for noun in (
            "contact-points",
            "contact-positions",
            "requisites",
            "bank-accounts",
            "addresses",
            "party-roles",
            "party-relations",
            "consents",
        )
    ),
    Scene("map", "/addresses/?view=map"),
)
DEALS = (
    Scene("deals", "/deals/"),
    Scene("board", "/deals/?view=board"),
    Scene("deal calendar", "/deals/?view=calendar"),
    Scene("deal", "/deals/1/"),
    Scene("deal new", "/deals/new/"),
    Scene("deal edit", "/deals/1/edit/"),
    *(
        Scene(f"deal {verb}", f"/deals/1/{verb}/")
        for verb in ("move", "win", "lose", "suspend", "result", "plan", "paper", "handover")
    ),
    Scene("deal move dialog", "/deals/1/", (press("m"), calm)),
    Scene("deal menu of acts", "/deals/1/", (choose("record-menu"),)),
    Scene("funnel", "/reports/funnel/"),
    Scene("load of the phones", "/reports/calls/?period=year"),
    Scene("load of the phones nothing", "/reports/calls/?period=last_year"),
    *(
        Scene(f"{noun} list", f"/{noun}/")
        for noun in ("deal-lines", "deal-contacts", "works", "stage-visits", "stage-results", "competitors", "products")
    ),
    *(
        Scene(f"{noun} one", f"/{noun}/1/")
        for noun in ("deal-lines", "deal-contacts", "works", "stage-visits", "stage-results", "competitors", "products")
    ),
    *(
        Scene(f"{noun} new", f"/{noun}/new/?deal=1")
        for noun in ("deal-lines", "deal-contacts", "works", "competitors", "products")
    ),
    Scene("documents", "/documents/"),
    Scene("document", "/documents/1/"),
    Scene("document new", "/documents/new/"),
    Scene("files", "/files/"),
    Scene("file", "/files/1/"),
    Scene("file new", "/files/new/"),
)
LARGE = '{"field":"amount","operator":"gte","value":"100000"}'
MINE = '{"field":"name","operator":"contains","value":"а"},{"field":"owner","operator":"eq","value":"me"}'
GROUPS = f'/deals/?filter={{"any":[{LARGE},{{"all":[{MINE}]}}]}}'
LISTS = (
    Scene("menu of views", "/deals/", (choose("views"),)),
    Scene("menu of filters", "/deals/", (choose("filter-fields"),)),
    Scene("menu of columns", "/deals/", (choose("columns"),)),
    Scene("menu of export", "/deals/", (choose("export-menu"),)),
    Scene("filter being added", "/deals/?add=amount"),
    Scene(
        "groups of conditions",
        GROUPS,
        (
            lambda page: page.evaluate(
                "document.querySelectorAll('details.filter-groups').forEach(one => { one.open = true })"
            ),
        ),
    ),
    Scene("drawer", "/parties/", (press("j"), press("Space"), calm, calm)),
    Scene("rows ticked", "/parties/", (ticked(3), calm)),
    Scene("cell edited", "/deals/", (press("j"), press("e"), calm)),
    Scene("bulk fields", "/parties/", (post("/parties/bulk/", id=["1", "2", "3"]),)),
    Scene("bulk values", "/parties/", (post("/parties/bulk/", id=["1", "2", "3"], step=["values"], pick=["owner"]),)),
    Scene(
        "bulk preview",
        "/parties/",
        (post("/parties/bulk/", id=["1", "2", "3"], step=["preview"], pick=["city"], city=["Тверь"]),),
    ),
    Scene(
        "bulk archive preview",
        "/parties/",
        (post("/parties/bulk/", id=["1", "2", "3"], step=["preview"], deed=["archive"]),),
    ),
    Scene("list as of a day", f"/deals/?as_of={NOW}"),
    Scene("record as of a day", f"/deals/1/?as_of={NOW}"),
    Scene("history", "/deals/1/history/"),
    Scene("nothing found", "/parties/?q=неттакого"),
    Scene("trees", "/trees/parties/"),
    Scene("tree", "/trees/parties/1/"),
)
ME = tuple(
    Scene(name, address)
    for name, address in (
        ("journal", "/journal/"),
        ("sessions", "/me/sessions/"),
        ("profile", "/me/"),
        ("tokens", "/me/tokens/"),
        ("second step", "/me/second-step/"),
        ("confirm oneself", "/me/confirm/"),
    )
)
TROUBLE = (
    Scene("not allowed", "/settings/company/", who=SELLER),
    Scene("no such record", "/deals/999999/"),
    Scene("no such page", "/nothing/here/"),
)
NEW = (
    Scene("nothing yet", "/files/", who="orlov"),
    Scene("board of tasks", "/tasks/?view=board"),
    Scene("board of parties", "/parties/?view=board"),
    Scene("board of interactions", "/interactions/?view=board"),
    Scene("board of documents", "/documents/?view=board"),
    Scene("board with nothing to move", "/territories/?view=board"),
    Scene("calendar of interactions", "/interactions/?view=calendar"),
    Scene("calendar of works", "/works/?view=calendar"),
    Scene("calendar of parties", "/parties/?view=calendar"),
    Scene("map of parties", "/parties/?view=map"),
    Scene("related records asked for", "/parties/?add=deal.party"),
    Scene("related records, a condition", "/parties/?add=deal.party&has=has&inner=amount"),
    Scene("related records, a level deeper", "/parties/?add=deal.party&has=has&inner=deal-line.deal"),
    Scene("card moved by a form", "/parties/move/?card=1&view=board"),
    Scene("role of the company", "/roles/3/"),
    Scene("territories", "/territories/"),
    Scene("territory", "/territories/1/"),
    Scene("territory new", "/territories/new/"),
    Scene("people of a territory", "/territory-holders/"),
    Scene("person of a territory", "/territory-holders/1/"),
    Scene("person of a territory new", "/territory-holders/new/"),
)
PAPER = tuple(
    Scene(f"print of {name}", address, is_paper=True)
    for name, address in (
        ("a list", "/deals/"),
        ("a dossier", "/parties/1/"),
        ("a deal", "/deals/1/"),
        ("the calendar", "/tasks/?view=calendar"),
        ("the funnel", "/reports/funnel/"),
    )
)
SCENES = (*DOOR, *FRAME, *WORK, *PROMISES, *PARTIES, *DEALS, *LISTS, *ME, *TROUBLE, *NEW, *PAPER)
