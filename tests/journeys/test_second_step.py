"""Signing in by two steps: an app, a recovery code, a role that asks for it, a passkey of the browser."""

from __future__ import annotations

import time

import pyotp
import pytest
from playwright.sync_api import expect

from tests.journeys.product import Product

SECRET = ".how-to .secret"


class Phone:
    """The app on a phone; it waits for the next half minute rather than show one code twice."""

    def __init__(self, secret: str) -> None:
        self.totp, self.last = pyotp.TOTP("".join(secret.split())), ""

    def code(self) -> str:
        while self.totp.now() == self.last:
            time.sleep(0.5)
        self.last = self.totp.now()
        return self.last


def sign_in(page, product: Product, email: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Эл. почта").fill(email)
    page.get_by_label("Пароль").fill(product.password_of(email))
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in/"))


@pytest.mark.parametrize("scripts", [True, False])
def test_an_app_is_connected_and_asked_for_at_the_next_sign_in(sit_down, product, scripts):
    email = "kuzmin@volna.example" if scripts else "zhukov@volna.example"
    page = sit_down("", java_script_enabled=scripts).page
    sign_in(page, product, email)
    page.goto("/me/second-step/")
    page.get_by_role("link", name="Подключить приложение").click()
    phone = Phone(page.locator(SECRET).inner_text())
    page.get_by_label("Код из шести цифр").fill(phone.code())
    page.get_by_role("button", name="Подключить", exact=True).click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()

    page.context.clear_cookies()
    sign_in(page, product, email)
    expect(page.get_by_role("heading", name="Второй шаг")).to_be_visible()
    page.goto("/deals/")
    expect(page.get_by_label("Пароль")).to_be_visible()
    page.goto("/sign-in/code/")
    page.get_by_label("Код из приложения или запасной код").fill(recovery)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/me/second-step/")
    expect(page.get_by_text("Осталось 9 кодов.")).to_be_visible()
    page.get_by_role("button", name="Отключить").click()
    expect(page.get_by_role("link", name="Подключить приложение")).to_be_visible()


def test_a_passkey_of_the_browser_opens_the_door_without_a_password(sit_down, product):
    email = "belova@volna.example"
    page = sit_down("", base_url=product.url.replace("127.0.0.1", "localhost")).page
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": True}})
    sign_in(page, product, email)
    page.goto("/me/second-step/")
    page.get_by_label("Название ключа").fill("Моя связка")
    page.get_by_role("button", name="Добавить ключ доступа").click()
    expect(page.locator(".codes li")).to_have_count(10)

    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Войти с ключом доступа").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)

    page.context.clear_cookies()
    sign_in(page, product, email)
    page.get_by_role("button", name="Показать ключ доступа").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/me/second-step/")
    page.get_by_role("button", name="Убрать").click()
    expect(page.get_by_text("Моя связка")).to_have_count(0)
