"""A person at a desk: the few gestures that every journey is made of."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.product import Product


def fresh(words: str) -> str:
    """Words that no earlier run has written into the same product."""
    return f"{words} {os.getpid()}"


@dataclass(frozen=True)
class Desk:
    """One browser with the page that its person looks at."""

    page: Page
    has_scripts: bool = True

    def open(self, address: str) -> Page:
        """Go to an address and wait until the page listens to keys."""
        self.page.goto(address)
        if self.has_scripts:
            expect(self.page.locator("html")).to_have_attribute("data-script", "on")
        return self.page

    def press(self, keys: str) -> None:
        """Press a key or a chord, once the page listens."""
        if self.has_scripts:
            expect(self.page.locator("html")).to_have_attribute("data-script", "on")
        self.page.keyboard.press(keys)

    def type(self, text: str) -> None:
        """Type into whatever has the focus, key by key."""
        self.page.keyboard.type(text)

    @property
    def focused(self) -> Locator:
        """What has the focus."""
        return self.page.locator("*:focus")

    @property
    def sheet(self) -> Locator:
        """The sheet over the page."""
        return self.page.locator("#sheet")

    @property
    def dialog(self) -> Locator:
        """The dialog over the page."""
        return self.page.locator("#dialog")

    @property
    def toast(self) -> Locator:
        """The message about what was done."""
        return self.page.locator("#toasts .toast")

    def find(self, words: str) -> Locator:
        """Open the palette, type, wait for the answer, and give the lines found."""
        self.press("Control+k")
        expect(self.page.locator("#palette input")).to_be_focused()
        with self.page.expect_response(lambda answer: f"q={quote(words, safe='()')}" in answer.url.replace("+", "%20")):
            self.type(words)
        return self.page.locator("#palette [role=option]")

    def begin_log(self) -> Locator:
        """Open the sheet of a contact on a record by its key and wait for the caret."""
        self.press("l")
        expect(self.sheet.locator("[name=text]")).to_be_focused()
        return self.sheet

    def choose(self, place: Locator, letters: str, name: str) -> None:
        """Take a record by a few letters and Tab."""
        place.click()
        place.press_sequentially(letters)
        listbox = self.page.locator(f"#{place.get_attribute('aria-controls')}")
        expect(listbox.locator("[aria-selected=true]")).to_contain_text(name)
        self.press("Tab")

    def choose_person(self, form: Locator, name: str, surname: str) -> None:
        """Put another person into a field for one: a list while there are few, letters when there are many."""
        if form.locator(f"select[name={name}]").count():
            option = form.locator(f"select[name={name}] option", has_text=surname)
            form.locator(f"select[name={name}]").select_option(label=option.inner_text())
        else:
            form.locator(f"[name={name}__text]").fill("")
            self.choose(form.locator(f"[name={name}__text]"), surname, surname)

    def choose_one_more(self, form: Locator, name: str, surname: str) -> None:
        """Add a person to a field for several."""
        offered = form.locator("label.pick", has=self.page.locator(f"[name={name}]")).filter(has_text=surname)
        if offered.count():
            return offered.locator("input").check()
        place = form.locator(f"[name={name}__text], select[name={name}]").first
        if place.evaluate("place => place.tagName") == "SELECT":
            return place.locator("option", has_text=surname).evaluate("option => { option.selected = true }")
        self.choose(place, surname, surname)
        expect(form.locator(".pick", has_text=surname)).to_be_visible()

    def begin_deal(self, name: str, party: int = 13, amount: str = "100 000") -> str:
        """Open a deal by its form; gives the address of its page."""
        page = self.open(f"/deals/new/?party={party}")
        page.locator("[name=name]").fill(name)
        page.locator("[name=amount]").fill(amount)
        self.press("Control+Enter")
        page.wait_for_url(re.compile(r"/deals/\d+/$"))
        return page.url

    def sign_in(self, email: str, product: Product) -> Page:
        """Sign in by the form, as everybody does."""
        self.page.goto("/sign-in/")
        self.page.locator("input[name=email]").fill(email)
        self.page.locator("input[name=password]").fill(product.password_of(email))
        self.page.locator("main button[type=submit]").last.click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        return self.page

    def prefer(self, what: str, value: str) -> None:
        """Choose how the product looks in the menu of oneself."""
        self.page.locator(".me").click()
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.page.locator(f"#me-menu button[name={what}][value={value}]").click()

    def speak(self, language: str) -> None:
        """Choose the language in the menu of oneself."""
        self.prefer("language", language)
        expect(self.page.locator("html")).to_have_attribute("lang", language)


def signed_in_state(browser: Browser, product: Product, email: str) -> Any:
    """The cookies of somebody who has signed in."""
    context = browser.new_context(base_url=product.url, locale="ru-RU")
    Desk(context.new_page()).sign_in(email, product)
    state = context.storage_state()
    context.close()
    return state
