"""No form cuts what was typed: what does not fit is refused with its limit, and stands in the answer whole."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from krug.access.models import ApiToken
from krug.kernel.attributes.models import Attribute
from krug.kernel.fields import LongTextField, TextField
from krug.kernel.registry import entities, get_entity
from krug.parties.models import Party

HOUSE = Path(__file__).resolve().parents[1] / "krug"
LONG = "Очень длинное имя "


def too_long(limit: int) -> str:
    return (LONG * (limit // len(LONG) + 2))[: limit + 7].strip() + "!!!"


def texts_of(entity):
    return [
        entity.fields[name] for name in entity.editable
        if isinstance(entity.fields[name], TextField) and type(entity.fields[name]).parse is TextField.parse
        and not isinstance(entity.fields[name], LongTextField)
    ]  # fmt: skip


@pytest.fixture
def gleb_at_home(gleb, client):
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    client.force_login(gleb)
    return client


def test_no_control_of_any_page_cuts_what_is_pasted_into_it():
    cutting = re.compile("maxlength", re.IGNORECASE)
    files = [path for kind in ("html", "js") for path in HOUSE.rglob(f"*.{kind}") if "bundle" not in path.parts]
    files += list((HOUSE / "kernel" / "screens").glob("*.py"))
    assert [str(path) for path in files if cutting.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.django_db
@pytest.mark.parametrize("entity", list(entities()), ids=lambda each: each.code)
def test_every_text_of_every_form_that_is_too_long_is_refused_with_its_limit_and_nothing_is_lost(entity, gleb_at_home):
    form = gleb_at_home.get(f"{entity.url()}new/")
    fields = texts_of(entity)
    if form.status_code != 200 or not fields:
        pytest.skip("These records are not made by the usual form.")
    shown = [field for field in fields if f'name="{field.name}"' in form.content.decode()]
    typed = {field.name: too_long(field.max_length) for field in shown}
    before = entity.model._base_manager.count()
    answer = gleb_at_home.post(f"{entity.url()}new/", typed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and entity.model._base_manager.count() == before
    for field in shown:
        assert typed[field.name] in page, field.name
        assert f"{field.max_length} are allowed" in page, field.name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["display_name", "person", "position", "city"])
def test_a_name_of_five_hundred_letters_in_the_quick_form_is_refused_and_stays(gleb_at_home, name):
    typed = {"display_name": "Ромашка", name: too_long(500)}
    answer = gleb_at_home.post("/parties/quick/", typed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and typed[name] in page
    assert re.search(r"The text is too long: \d+ characters, \d+ are allowed", page)
    assert Party.objects.count() == 0


@pytest.mark.django_db
def test_what_is_even_too_long_for_a_draft_is_refused_with_its_limit_too(gleb_at_home):
    for address in ("/parties/quick/", "/parties/new/"):
        answer = gleb_at_home.post(address, {"display_name": "я" * 250_000})
        assert answer.status_code == 422 and "250000 characters, 255 are allowed" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "words"), [(True, "This is too large: the limit is 1 MB"), (False, "shorten the text")]
)
def test_a_form_of_megabytes_is_told_its_limit_and_is_not_asked_to_reload(gleb_at_home, part, words):
    head = {"HX-Request": "true"} if part else {}
    answer = gleb_at_home.post("/parties/new/", {"display_name": "Name", "city": "x" * 3_000_000}, headers=head)
    page = answer.content.decode()
    assert answer.status_code == 413 and words in page and "reload" not in page
    assert Party.objects.count() == 0


@pytest.mark.django_db
def test_forms_written_by_hand_refuse_and_keep_what_is_too_long(gleb, gleb_at_home):
    name = too_long(80)
    for address, typed, field in (
        ("/me/tokens/", {"name": name, "days": "30", "reach": "read", "current": "krug and nothing else"}, "name"),
        ("/settings/attributes/party/new/", {"name": name, "other": "", "kind": "text"}, "name"),
        ("/settings/invite/", {"person": too_long(300), "email": "a@example.org", "role": "1"}, "person"),
        ("/settings/company/", {"name": too_long(200), "currency": "RUB", "timezone": "Europe/Moscow"}, "name"),
    ):
        answer = gleb_at_home.post(address, typed)
        assert answer.status_code == 422, address
        assert typed[field] in unescape(answer.content.decode()), address
    assert Attribute.objects.count() == ApiToken.objects.count() == 0


@pytest.mark.django_db
def test_more_values_than_are_added_at_once_are_refused_and_none_is_dropped_silently(gleb, gleb_at_home):
    lines = "\n".join(f"Value {at}" for at in range(1001))
    typed = {"name": "Colour", "other": "Цвет", "kind": "choice", "values": lines}
    answer = gleb_at_home.post("/settings/attributes/party/new/", typed)
    assert answer.status_code == 422 and "At most 1000 lines" in answer.content.decode()
    assert "Value 1000" in answer.content.decode() and not get_entity("attribute").model.objects.exists()
