"""The matrix of a role: every object with the reach and the verbs that the role grants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.access.models import Reach, Role
from krug.access.rights import ANY
from krug.kernel.errors import BadRequest
from krug.kernel.registry import entities, rights_beside

USUAL = ("create", "change", "archive", "export", "import")
WORDS: dict[str, Any] = {
    ANY: gettext_lazy("everything"),
    "create": gettext_lazy("create"),
    "change": gettext_lazy("change"),
    "archive": gettext_lazy("archive"),
    "export": gettext_lazy("export"),
    "import": gettext_lazy("import"),
    "read": gettext_lazy("read"),
    "revoke": gettext_lazy("revoke"),
}
BESIDE: dict[str, tuple[Any, tuple[str, ...]]] = {
    "token": (gettext_lazy("Own tokens for programs"), ("create", "revoke")),
    "company": (gettext_lazy("Company"), ("change",)),
    "audit": (gettext_lazy("Audit record"), ("read",)),
}


@dataclass(frozen=True)
class Line:
    """One object of the matrix."""

    code: str
    label: str
    reach: str
    verbs: list[tuple[str, str, bool]]
    has_reach: bool = True


def rows_of_matrix(role: Role) -> list[Line]:
    """The lines of the matrix as the role stands now."""
    held = {grant.entity: grant for grant in role.grants.all()}
    lines = []
    for code, label, verbs, has_reach in _objects():
        grant = held.get(code)
        granted = set(grant.verbs) if grant else set()
        shown = [(verb, words, verb in granted) for verb, words in verbs]
        lines.append(Line(code, label, grant.reach if grant else Reach.NONE, shown, has_reach))
    return lines


def read_grants(sent: QueryDict, role: Role) -> dict[str, tuple[Reach, list[str]]]:
    """What the form says; a reach or verb that is not on the list is refused."""
    known = dict(role.grants.values_list("entity", "reach"))
    found: dict[str, tuple[Reach, list[str]]] = {}
    for code, _label, verbs, has_reach in _objects():
        if has_reach and f"reach.{code}" not in sent:
            continue
        reach = sent[f"reach.{code}"] if has_reach else known.get(code, Reach.NONE)
        granted = sent.getlist(f"verbs.{code}")
        if reach not in Reach.values or not set(granted) <= {verb for verb, _words in verbs}:
            raise BadRequest(_("This request could not be read."), field=code)
        if code in known or granted or reach != Reach.NONE:
            found[code] = (Reach(reach), granted)
    return found


def _objects() -> Iterator[tuple[str, str, list[tuple[str, str]], bool]]:
    yield ANY, _("Everything"), [(ANY, str(WORDS[ANY]))], True
    for entity in sorted(entities(), key=lambda each: str(each.plural)):
        usual = [(verb, str(WORDS[verb])) for verb in (ANY, *USUAL)]
        beside = [(verb, str(words)) for verb, words in rights_beside(entity.code).items()]
        own = [(verb.name, str(verb.label)) for verb in entity.verbs]
        yield entity.code, str(entity.plural), [*usual, *beside, *own], True
    for code, (label, verbs) in BESIDE.items():
        yield code, str(label), [(verb, str(WORDS[verb])) for verb in verbs], False
