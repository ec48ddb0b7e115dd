"""The administrator looks with the eyes of a seller, in two actions, and comes back (UX A3, check 7)."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_a_seller_is_looked_at_in_two_actions_and_nothing_can_be_changed(sit_down):
    olga = sit_down("guseva")
    page = olga.open("/users/5/")  # 1
    name = page.locator("h1").inner_text()
    page.get_by_role("button", name="Посмотреть глазами…").click()  # 2
    expect(page.locator("#looking")).to_contain_text(name)
    expect(page.locator("#navigation")).not_to_contain_text("Настройки")
    page = olga.open("/me/tokens/")
    expect(page.locator("body")).to_contain_text("Эта страница личная")
    page = olga.open("/parties/")
    expect(page.locator("#looking")).to_be_visible()
    page.get_by_role("button", name="Закончить просмотр").click()
    expect(page).to_have_url(re.compile("/users/5/$"))
    expect(page.locator("#looking")).to_have_count(0)
    expect(page.locator("#navigation")).to_contain_text("Настройки")
