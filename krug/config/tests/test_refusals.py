"""What is refused before Django is asked is said by a page to who navigates, and in words to open pages."""

import base64
import hashlib

from krug.config.serving.dispatcher import Dispatcher
from krug.config.serving.limits import refusal_page, refuse
from krug.config.tests.test_dispatcher import MEGABYTE, Exchange, echo
from krug.kernel.testing.looping import run_apart


def browser(exchange: Exchange, *more: tuple[bytes, bytes]) -> Exchange:
    """The same request as somebody who navigates sends it."""
    exchange.scope["headers"] += [(b"accept", b"text/html,*/*;q=0.8"), (b"host", b"krug.example"), *more]
    return exchange


def test_who_navigates_is_refused_by_a_page_that_its_policy_lets_be_drawn():
    answer = run_apart(browser(Exchange("/deals/new/", body=b"x" * (MEGABYTE + 1))).through(Dispatcher(echo)))
    assert (answer.status, answer.headers[b"content-type"]) == (413, b"text/html; charset=utf-8")
    style = answer.body.split(b"<style>")[1].split(b"</style>")[0]
    allowed = base64.b64encode(hashlib.sha256(style).digest()).decode()
    assert answer.headers[b"content-security-policy"].decode() == (
        f"default-src 'none'; style-src 'sha256-{allowed}'; frame-ancestors 'none'"
    )
    assert "<h1>This is too large: the limit is 1 MB</h1><p>Nothing was changed." in answer.body.decode()


def test_a_script_of_an_open_page_is_refused_by_words():
    asked = browser(Exchange(body=b"x" * (MEGABYTE + 1)), (b"hx-request", b"true"))
    answer = run_apart(asked.through(Dispatcher(echo)))
    assert (answer.body, answer.headers[b"content-type"]) == (
        b"This is too large: the limit is 1 MB.\n",
        b"text/plain; charset=utf-8",
    )


def test_a_refused_form_leads_back_to_itself_and_never_elsewhere():
    came = {
        b"https://krug.example/deals/new/?party=1": '<a href="/deals/new/?party=1">Back to the form</a>',
        b"https://krug.example//evil.example/": '<a href="/evil.example/">Back to the form</a>',
        b"https://evil.example/deals/": '<a href="/">To my day</a>',
        b'https://krug.example/"><script>': '<a href="/%22%3E%3Cscript%3E">Back to the form</a>',
    }
    for address, link in came.items():
        asked = browser(Exchange("/deals/new/", body=b"x" * (MEGABYTE + 1)), (b"referer", address))
        assert link in run_apart(asked.through(Dispatcher(echo))).body.decode()


def test_a_page_that_found_the_server_full_can_be_asked_again():
    asked = browser(Exchange("//evil.example/сделки/", "view=board&q=%22а%22"))
    asked.scope["query_string"] = b'view=board&q=%22"><i>'
    page = refusal_page(asked.scope, "Busy. Wait.", "Wait.")
    assert '<a href="/evil.example/%D1%81%D0%B4%D0%B5%D0%BB%D0%BA%D0%B8/?view=board&amp;q=%22%22%3E%3Ci%3E">' in page
    assert "<h1>Busy</h1><p>Nothing was changed.</p><p>Wait.</p>" in page


def test_a_browser_asks_a_full_server_again_by_itself_but_sends_no_form_twice():
    again = []
    for asked in (browser(Exchange("/deals/")), browser(Exchange("/deals/", body=b"name=x")), Exchange("/deals/")):
        run_apart(refuse(asked.scope, asked.send, 503, ("retry-after", "2")))
        again.append((asked.status, asked.headers[b"retry-after"], asked.headers.get(b"refresh")))
    assert again == [(503, b"2", b"2"), (503, b"2", None), (503, b"2", None)]
