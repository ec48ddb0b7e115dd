"""What the names in the published document mean that stand in no declaration, for whoever reads it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

Shape = dict[str, Any]
MEANINGS = {
    "act": _("The act, by which it can be undone."),
    "actor": _("The number of the person who did it; nothing when nobody did."),
    "also": _("What came later and goes along, such as “deal:17”."),
    "at": _("When it happened."),
    "by": _("By which field the referenced record is looked up."),
    "changed": _("How many records were changed."),
    "changed_since": _("What was changed since and therefore left as it is."),
    "changes": _("Each field with its old and new value, as far as you may see it."),
    "code": _("A word that never changes, for programs."),
    "column": _("The column of the file."),
    "columns": _("What becomes of each column."),
    "constant": _("A value for every row."),
    "count": _("How many there are."),
    "created_at": _("When it was begun."),
    "currency": _("The currency by ISO 4217."),
    "days": _("In which order day and month stand."),
    "decimal": _("The sign before the decimals."),
    "detail": _("What is wrong and what to do, in your language."),
    "details": _("How the field is defined."),
    "done": _("How far it has come."),
    "entity": _("The code of the type."),
    "errors": _("What is wrong, field by field."),
    "exact": _("Whether it was counted to the end."),
    "fate": _("What became of the row, or would become."),
    "field": _("The name of the field."),
    "files": _("The names of the files."),
    "fillers": _("What stands for an empty cell."),
    "finished_at": _("When it ended."),
    "first": _("The first of these records."),
    "formula": _("How it is worked out."),
    "head": _("The line in which the names of the columns stand."),
    "id": _("The number of the record."),
    "ids": _("The numbers of the records."),
    "keys": _("By which fields known records are recognised."),
    "kind": _("The kind."),
    "label": _("The value in words."),
    "leave": _("Whether the table is left out."),
    "left": _("How many records were left as they are."),
    "limit": _("How many at most."),
    "message": _("What is wrong with this field."),
    "missing": _("What to do when the referenced record is missing."),
    "more": _("Whether there is more at once."),
    "name": _("What the record is called; nothing when it is not open to you."),
    "new": _("The value afterwards."),
    "next": _("Where the next page is; nothing on the last one."),
    "note": _("What tells it from others of that name."),
    "number": _("Its number."),
    "old": _("The value before."),
    "on_match": _("What to do with a record that is known already."),
    "personal": _("Whether the field is personal data."),
    "pk": _("The number of the record."),
    "places": _("How many decimals."),
    "plan": _("What becomes of tables and columns."),
    "preset": _("A shipped or kept plan."),
    "q": _("Words to look for."),
    "reading": _("How the words were read when they were not found as written."),
    "reason": _("Why."),
    "reasons": _("Why."),
    "records": _("The records."),
    "results": _("What was found or done, in order."),
    "roll_up": _("Type, link, function and field of a summary."),
    "rows": _("The rows."),
    "sha256": _("The fingerprint of the file by SHA-256."),
    "size": _("How large it is, in bytes."),
    "skipped": _("What was left alone, by reason."),
    "splitter": _("The sign that parts several values in a cell."),
    "state": _("How things stand with it."),
    "status": _("The number of the answer, as in HTTP."),
    "sum": _("The sum as a string; its currency stands beside it."),
    "system": _("From which system the table comes."),
    "table": _("The table of the file."),
    "tables": _("The tables of the files."),
    "target": _("Where it goes: a field or a type."),
    "text": _("The words as they were understood."),
    "title": _("What it is called."),
    "total": _("How many there are in all."),
    "trouble": _("What went wrong."),
    "unit": _("The unit behind the number."),
    "url": _("Its page for people."),
    "value": _("The value."),
    "values": _("The values by field."),
    "version": _("The version of the record, as in ETag."),
    "with": _("The numbers of the records that go."),
    "words": _("Which words of the file mean which value."),
}


def with_meanings(document: Shape) -> Shape:
    """The document in which every parameter and every field says what it means."""
    for call in (call for path in document["paths"].values() for call in path.values()):
        for told in call.get("parameters", ()):
            _explained(told["name"], told)
    _walk(document)
    return document


def _walk(part: Any) -> None:
    for inner in part if isinstance(part, list) else part.values() if isinstance(part, dict) else ():
        _walk(inner)
    if isinstance(part, dict) and isinstance(part.get("properties"), dict) and "type" in part:
        part["properties"] = {name: _explained(name, dict(shape)) for name, shape in part["properties"].items()}


def _explained(name: str, shape: Shape) -> Shape:
    if not (shape.get("title") or shape.get("description") or "$ref" in shape) and name in MEANINGS:
        shape["description"] = MEANINGS[name]
    return shape
