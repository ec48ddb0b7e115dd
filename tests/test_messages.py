"""Texts are collected without gettext programs, and no Russian text may be missing, fuzzy or wrong."""

import gettext

import pytest

from tools import messages


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project with a page, a module and a place for translators."""
    (tmp_path / "krug" / "sales" / "templates").mkdir(parents=True)
    (tmp_path / "locale" / "parts").mkdir(parents=True)
    (tmp_path / "krug" / "sales" / "deals.py").write_text(
        'label = gettext_lazy("Deal")\nsaid = ngettext("%(number)s deal", "%(number)s deals", 2)\n'
    )
    (tmp_path / "krug" / "sales" / "templates" / "deal.html").write_text(
        '{{ ui.button(_("Win")) }}{% trans name=deal %}The deal {{ name }} is won.{% endtrans %}'
    )
    monkeypatch.setattr(messages, "PROJECT", tmp_path)
    monkeypatch.setattr(messages, "PARTS", tmp_path / "locale" / "parts")
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "locale" / "ru" / "LC_MESSAGES" / "django.po")
    return tmp_path


COMPLETE = """
msgid "Deal"
msgstr "Сделка"

msgid "%(number)s deal"
msgid_plural "%(number)s deals"
msgstr[0] "%(number)s сделка"
msgstr[1] "%(number)s сделки"
msgstr[2] "%(number)s сделок"

msgid "Win"
msgstr "Выиграть"

msgid "The deal %(name)s is won."
msgstr "Сделка %(name)s выиграна."
"""


def translated(project, text):
    (project / "locale" / "parts" / "sales.po").write_text(text, encoding="utf-8")
    return messages.merge()


def test_a_complete_translation_is_merged_and_can_be_read(project):
    report = translated(project, COMPLETE)
    assert report.is_complete
    messages.write(report)
    with (messages.CATALOGUE.with_suffix(".mo")).open("rb") as compiled:
        russian = gettext.GNUTranslations(compiled)
    assert russian.gettext("Win") == "Выиграть"
    assert [russian.ngettext("%(number)s deal", "%(number)s deals", n) % {"number": n} for n in (1, 3, 5, 21)] == [
        "1 сделка",
        "3 сделки",
        "5 сделок",
        "21 сделка",
    ]
    (project / "locale" / "parts" / "sales.po").unlink()
    assert messages.merge().is_complete


def test_writing_twice_changes_nothing(project):
    messages.write(translated(project, COMPLETE))
    once = messages.CATALOGUE.read_bytes()
    messages.write(messages.merge())
    assert messages.CATALOGUE.read_bytes() == once


def test_a_missing_text_is_named(project):
    report = translated(project, COMPLETE.replace('msgstr "Выиграть"', 'msgstr ""'))
    assert [message.id for message in report.missing] == ["Win"]


def test_a_plural_needs_all_three_forms(project):
    report = translated(project, COMPLETE.replace('msgstr[2] "%(number)s сделок"\n', ""))
    assert [message.id for message in report.missing] == [("%(number)s deal", "%(number)s deals")]


def test_a_placeholder_that_the_program_does_not_know_is_refused(project):
    report = translated(project, COMPLETE.replace("Сделка %(name)s", "Сделка %(nmae)s"))
    assert len(report.broken) == 1
    assert "nmae" in report.broken[0]


def test_a_broken_file_is_named_and_the_rest_is_read(project):
    (project / "locale" / "parts" / "broken.po").write_text('msgid "Deal"\nmgstr "Сделка"\n', encoding="utf-8")
    report = translated(project, COMPLETE)
    assert [line.partition(":")[0] for line in report.broken] == ["locale/parts/broken.po"]
    assert report.missing == []
