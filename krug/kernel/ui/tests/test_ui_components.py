"""Every component renders in both languages and keeps the rules of accessible, policy-proof markup."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from krug.kernel.testing.gallery import gallery, gallery_form, gallery_layer, gallery_options
from krug.kernel.ui.environment import LIBRARY, component_files
from krug.kernel.ui.rows import table_rows

VOID = {"meta", "link", "input", "br", "hr", "path", "circle", "rect", "use"}


class Marks(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.unclosed: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unclosed.append(f"{tag} closes {self.open[-1] if self.open else 'nothing'}")

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def shown(ask: Any, language: str) -> str:
    return gallery(ask("/ui/")).content.decode()


def test_the_gallery_shows_every_component(shown: str) -> None:
    sources = "".join(path.read_text() for path in (LIBRARY / "gallery").glob("*.html"))
    sources += "".join(path.read_text() for path in (LIBRARY / "ui").glob("*.html"))
    sources += "".join(path.read_text() for path in (*(LIBRARY / "frame").glob("*.html"), *LIBRARY.glob("*.html")))
    unseen = [name for name in component_files() if not name.startswith("_") and f"ui.{name}(" not in sources]
    assert unseen == []


def test_markup_is_well_formed_and_ids_are_unique(shown: str) -> None:
    marks = Marks(shown)
    ids = [attributes["id"] for _tag, attributes in marks.elements if "id" in attributes]
    assert marks.unclosed == []
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_nothing_breaks_the_content_policy(shown: str) -> None:
    inline = [
        (tag, name)
        for tag, attributes in Marks(shown).elements
        for name in attributes
        if name == "style" or name.startswith("on")
    ]
    assert inline == []
    assert [script for script in Marks(shown).named("script") if "src" not in script] == []
    assert "<style" not in shown


def test_each_control_has_words(shown: str) -> None:
    marks = Marks(shown)
    labelled = {attributes.get("for") for attributes in marks.named("label")}
    wrapped = set(
        re.findall(r'<label class="(?:check|pick)">\s*<input type="(?:checkbox|radio)"[^>]*?name="([^"]+)"', shown)
    )
    for tag in ("input", "select", "textarea"):
        for control in marks.named(tag):
            if control.get("type") == "hidden" or control.get("aria-hidden") == "true" or "data-select-all" in control:
                continue
            named = control.get("id") in labelled or control.get("aria-label") or control.get("name") in wrapped
            assert named, control


def test_there_is_one_heading_of_the_page_and_its_language(shown: str, language: str) -> None:
    marks = Marks(shown)
    assert len(marks.named("h1")) == 1
    assert marks.named("html")[0]["lang"] == language


def test_a_refused_form_names_and_links_its_mistakes(ask: Any, language: str) -> None:
    response = gallery_form(ask("/ui/form/", data={"name": ""}))
    text = response.content.decode()
    assert response.status_code == 422
    assert re.search(r"<title>(Error|Ошибка):", text)
    assert 'href="#f-name"' in text and 'id="f-name"' in text
    assert 'aria-invalid="true"' in text and 'aria-describedby="f-name-error"' in text
    assert 'value="781234567"' in text


def test_a_form_in_the_sheet_has_ids_of_its_own(ask: Any) -> None:
    text = gallery_layer(ask("/ui/layer/", HX_Request="true", HX_Target="sheet")).content.decode()
    assert 'id="sheet-name"' in text and 'for="sheet-name"' in text
    assert "<h1" not in text and "<html" not in text


def test_options_carry_value_words_and_hint(ask: Any) -> None:
    text = gallery_options(ask("/ui/options/?q=волг")).content.decode()
    assert 'data-value="2"' in text and "Волга-Трейд" in text and "Самара" in text
    assert "Северный" not in text


def test_a_component_that_does_not_exist_is_an_error(ask: Any) -> None:
    from krug.kernel.ui.environment import Kit

    with pytest.raises(AttributeError, match=r"ui\.buton"):
        Kit().buton("Save")


def test_a_row_that_can_be_ticked_carries_a_real_box_and_its_words_are_escaped():
    row = {"id": 7, "url": "/x/7/", "cells": ["a <b>", "c"]}
    made = str(table_rows([row], [{"label": "Name"}, {"label": "City"}], select="bulk"))
    assert made == (
        '<tr role="row" data-row="7"><td role="cell" class="tick"><label class="check"><input type="checkbox" name="id"'
        ' value="7" form="bulk" data-select><span class="visually-hidden">Select the row</span></label></td>'
        '<th scope="row" role="rowheader" class="first"><a href="/x/7/" data-open>a &lt;b&gt;</a></th>'
        '<td role="cell" class="start" data-label="City">c</td></tr>\n'
    )
