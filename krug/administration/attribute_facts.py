"""What is worth knowing of an added field: how many records it is filled in, and what else speaks of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from krug.administration.models.worked import AttributeWork
from krug.exchange.models import ImportRun
from krug.kernel.attributes.models import Attribute, AttributeIndex
from krug.kernel.models import SavedView
from krug.kernel.registry import get_entity
from krug.kernel.ui import formats
from krug.lists.models import ListTree


@dataclass(frozen=True)
class Fact:
    """One added field with its figures; `filled` is a share in words, `uses` are the places that name it."""

    attribute: Attribute
    kind: str
    filled: str = ""
    uses: tuple[str, ...] = ()


def facts_of(code: str, *, with_use: bool = False, is_archived: bool = False) -> list[Fact]:
    """The added fields of one type, or of all, in the order of the form."""
    found = Attribute.objects.filter(is_archived=is_archived, **({"entity": code} if code else {}))
    attributes = list(found.order_by("entity", "position", "id"))
    if not with_use or not attributes:
        return [Fact(each, str(each.get_kind_display())) for each in attributes]
    rows = get_entity(code).model._default_manager.count()
    filled = dict(
        AttributeIndex.objects.filter(attribute_id__in=[each.pk for each in attributes])
        .values_list("attribute_id")
        .annotate(count=Count("record_id", distinct=True))
    )
    uses = {each.key: _uses(each, attributes, code) for each in attributes}
    works = AttributeWork.objects.in_bulk([each.pk for each in attributes])
    return [
        Fact(
            each,
            str(each.get_kind_display()),
            _progress(each, works.get(each.pk)) or _share(filled.get(each.pk, 0), rows),
            uses[each.key],
        )
        for each in attributes
    ]


def _progress(attribute: Attribute, work: AttributeWork | None) -> str:
    """How far a field that is worked out has come; nothing once it stands in all records."""
    if attribute.kind not in attribute.WORKED_OUT or (work is not None and work.is_ready):
        return ""
    if work is None:
        return _("is going to be worked out; lists show it already")
    if work.trouble:
        return _("could not be worked out for all records: %(trouble)s") % {"trouble": work.trouble[:200]}
    return _("being worked out: %(percent)s %% of the records; put the field away to stop it") % {
        "percent": work.percent
    }


def _share(filled: int, rows: int) -> str:
    percent = round(100 * filled / rows) if rows else 0
    return _("%(share)s, records: %(count)s") % {"share": formats.percent(percent), "count": formats.number(filled)}


def _uses(attribute: Attribute, others: list[Attribute], code: str) -> tuple[str, ...]:
    key = attribute.key
    views = SavedView.objects.filter(entity=code, state__icontains=f'"{key}"').values_list("name", flat=True)
    listed = SavedView.objects.filter(entity=code, state__columns__regex=rf"(^|,){key}(,|$)")
    sorted_by = SavedView.objects.filter(entity=code, state__sort__in=[key, f"-{key}"])
    names = dict.fromkeys(
        [*views[:20], *listed.values_list("name", flat=True)[:20], *sorted_by.values_list("name", flat=True)[:20]]
    )
    trees = ListTree.objects.filter(levels__icontains=f'"{key}').values_list("name", "levels")[:50]
    grown = [name for name, levels in trees if any(_speaks_of(level, key) for level in levels)]
    formulas = [str(each) for each in others if _speaks_of(each.settings.get("formula", ""), key)]
    imports = ImportRun.objects.filter(plan__icontains=f'"{key}"').order_by("-id").values_list("pk", flat=True)[:3]
    return (
        *(_("view “%(name)s”") % {"name": name} for name in names),
        *(_("tree “%(name)s”") % {"name": name} for name in grown),
        *(_("formula “%(name)s”") % {"name": name} for name in formulas),
        *(_("import № %(number)s") % {"number": number} for number in imports),
    )


def _speaks_of(text: Any, key: str) -> bool:
    return key in re.findall(r"\w+", str(text))
