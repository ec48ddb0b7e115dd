"""A page is whole or a part, takes its messages once, and answers scripts in their way."""

from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client
from django.utils import translation

from krug.kernel.screens.dates import read_date
from krug.kernel.testing.gallery import gallery
from krug.kernel.ui.errors import bad_request, broken, not_allowed, not_found, too_busy
from krug.kernel.ui.pages import done, render
from krug.kernel.ui.preferences import set_preferences
from krug.kernel.ui.submits import told_where
from krug.kernel.ui.toasts import toast


def test_one_address_gives_the_page_and_its_content(ask: Any) -> None:
    whole = gallery(ask("/ui/")).content.decode()
    part = gallery(ask("/ui/", HX_Request="true", HX_Target="main"))
    text = part.content.decode()
    assert "<html" in whole and "<html" not in text
    assert 'class="page-title"' in text and "topbar" not in text
    assert "HX-Request" in part["Vary"]


def test_a_restored_history_entry_gets_the_whole_page(ask: Any) -> None:
    response = gallery(ask("/ui/", HX_Request="true", HX_History_Restore_Request="true"))
    assert b"<html" in response.content


def test_a_message_is_shown_once_with_its_way_back(ask: Any) -> None:
    request = ask("/ui/")
    toast(request, "Saved: <b>", undo_url="/undo/1/")
    first = gallery(request).content.decode()
    assert "Saved: &lt;b&gt;" in first and 'action="/undo/1/"' in first
    assert "Saved:" not in gallery(request).content.decode().replace("Saved: Северный Ветер.", "")


def test_a_sheet_gets_only_the_messages(ask: Any) -> None:
    request = ask("/ui/", HX_Request="true", HX_Target="sheet")
    toast(request, "Done.")
    text = done(request, "/parties/").content.decode()
    assert "Done." in text and 'hx-swap-oob="beforeend:#toasts"' in text
    assert done(ask("/ui/"), "/parties/")["Location"] == "/parties/"


def test_strangers_get_no_menu_and_no_palette(ask: Any) -> None:
    text = render(
        ask("/", signed_in=False), "errors/error.html", {"title": "T", "text": "", "icon": "lock", "code": ""}
    )
    assert b"palette-list" not in text.content and b"Customers" not in text.content


def test_the_frame_shows_menu_keys_and_the_current_place(ask: Any) -> None:
    text = gallery(ask("/ui/")).content.decode()
    assert 'aria-current="page" data-key="KeyG KeyH"' in text
    assert 'data-behaviour="sheet-opener"' in text and 'data-key="KeyL,F9"' in text


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (bad_request, 400, "не удалось прочитать"),
        (not_allowed, 403, "Нет доступа"),
        (not_found, 404, "Такой страницы нет"),
        (broken, 500, "Что-то пошло не так"),
        (too_busy, 503, "Сервер перегружен"),
    ],
)
def test_errors_speak_russian_and_say_what_to_do(ask: Any, answer: Any, status: int, words: str) -> None:
    with translation.override("ru"):
        response = answer(ask("/x/"))
    assert response.status_code == status
    assert words in response.content.decode()


def test_an_open_page_without_its_cookies_asks_to_sign_in_again(ask: Any) -> None:
    lost = not_allowed(ask("/deals/1/edit/", signed_in=False, HX_Request="true"), reason="CSRF cookie not set.")
    late = not_allowed(ask("/deals/1/edit/", HX_Request="true"), reason="CSRF token incorrect.")
    door = not_allowed(ask("/sign-in/", signed_in=False, HX_Request="true"), reason="CSRF cookie not set.")
    assert (lost.status_code, late.status_code, door.status_code) == (401, 403, 403)


def test_our_mistake_carries_a_reference_code_also_as_a_part(ask: Any) -> None:
    response = broken(ask("/x/", HX_Request="true"))
    assert b"<html" not in response.content
    assert b"Reference code: " in response.content or "Код обращения: ".encode() in response.content


def test_a_scripted_submit_is_told_where_to_go(ask: Any) -> None:
    def leads_away(request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect("/deals/17/")

    told = told_where(leads_away)(ask("/deals/", data={}, X_Submit="1"))
    plain = told_where(leads_away)(ask("/deals/", data={}))
    assert (told.status_code, told["X-Location"]) == (200, "/deals/17/")
    assert (plain.status_code, plain["Location"]) == (302, "/deals/17/")


def test_the_look_is_kept_in_the_browser_and_leads_back(ask: Any) -> None:
    request = ask("/me/preferences/", signed_in=False, data={"theme": "dark", "next": "/parties/?q=1"})
    response = set_preferences(request)
    assert response.cookies["theme"].value == "dark"
    assert response["Location"] == "/parties/?q=1"


def test_the_look_never_leads_to_a_foreign_address(ask: Any) -> None:
    request = ask("/me/preferences/", signed_in=False, data={"language": "ru", "next": "https://evil.test/"})
    response = set_preferences(request)
    assert response["Location"] == "/"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ru"


def test_an_unknown_look_is_ignored(ask: Any) -> None:
    response = set_preferences(ask("/me/preferences/", signed_in=False, data={"theme": "pink"}))
    assert "theme" not in response.cookies


def test_a_plain_date_is_said_back_with_its_weekday(ask: Any) -> None:
    with translation.override("ru"):
        read = read_date(ask("/dates/read/", data={"text": "25.12.2026"}))
    assert read.content.decode().startswith("пт, 25 декабря")
    assert read_date(ask("/dates/read/", data={"text": "насос"})).status_code == 422


def expired_form(**headers: str) -> Any:
    return Client(enforce_csrf_checks=True, headers=headers).post("/ui/form/", {"name": "Северный Ветер"})


def test_a_form_whose_page_was_open_too_long_is_kept_and_sent_again_with_one_press() -> None:
    answer = expired_form(**{"Sec-Fetch-Site": "same-origin"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert '<input type="hidden" name="name" value="Северный Ветер">' in page
    assert 'action="/ui/form/"' in page


def test_a_script_of_ours_gets_a_fresh_token_and_sends_the_same_again(ask: Any) -> None:
    late = not_allowed(
        ask("/deals/1/edit/", HX_Request="true", Sec_Fetch_Site="same-origin"), reason="CSRF token incorrect."
    )
    other = not_allowed(
        ask("/deals/1/edit/", HX_Request="true", Sec_Fetch_Site="cross-site"), reason="CSRF token incorrect."
    )
    assert ("X-CSRFToken" in late, "X-CSRFToken" in other) == (True, False)


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_a_form_of_another_site_is_refused_and_lays_no_words_into_the_page(site: str) -> None:
    answer = expired_form(**{"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "Северный Ветер" not in answer.content.decode()
    assert "X-CSRFToken" not in answer
