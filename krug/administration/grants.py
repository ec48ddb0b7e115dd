"""The matrix of a role: every object with the reach and the verbs that the role grants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.access.models import Level, Reach, Role, every_field
from krug.access.rights import ANY
from krug.administration.actions.roles import Granted
from krug.kernel.entity import PERSONAL
from krug.kernel.errors import BadRequest
from krug.kernel.journal.models import JournalEntry
from krug.kernel.registry import entities, rights_beside
from krug.kernel.sight import seen_by

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
    "clear-demo": gettext_lazy("remove the demo data"),
    "manage": gettext_lazy("see and revoke those of others"),
}
BESIDE: dict[str, tuple[Any, tuple[str, ...]]] = {
    "token": (gettext_lazy("Own API tokens"), ("create", "revoke", "manage")),
    "company": (gettext_lazy("Company"), ("change", "clear-demo")),
    "audit": (gettext_lazy("Audit log"), ("read",)),
}


@dataclass(frozen=True)
class Line:
    """One object of the matrix: how far it is seen, the verbs, and its groups of fields with their levels."""

    code: str
    label: str
    reach: str
    verbs: list[tuple[str, str, bool]]
    has_reach: bool = True
    groups: list[tuple[str, str, str]] = field(default_factory=list)
    other: str = ""

    @property
    def is_given(self) -> bool:
        """Whether the role grants anything here."""
        return self.reach != Reach.NONE or any(held for _verb, _words, held in self.verbs)

    @property
    def said(self) -> str:
        """The line in words: the reach, the verbs, and the groups that do not stand open."""
        if not self.is_given:
            return _("nothing")
        reach = str(Reach(self.reach).label).lower()
        verbs = ", ".join(words[:1].lower() + words[1:] for _verb, words, held in self.verbs if held)
        levels = [
            f"{words}: {str(Level(level).label).lower()}"
            for key, words, level in self.groups
            if level != Level.EDIT and key != ANY
        ]
        parts = (
            _("sees: %(reach)s") % {"reach": reach} if self.has_reach else "",
            _("may: %(verbs)s") % {"verbs": verbs} if verbs else "",
            ", ".join(levels),
        )
        return "; ".join(part for part in parts if part)


def rows_of_matrix(role: Role, said: Mapping[str, Granted] | None = None, *, beside: Role | None = None) -> list[Line]:
    """The lines of the matrix as the role stands now, or as `said`; where another role differs, its words stand by."""
    held = granted_by(role) if said is None else said
    others = {line.code: line.said for line in rows_of_matrix(beside)} if beside is not None else {}
    lines = [_line(thing, held.get(thing.code)) for thing in _objects()]
    return [
        replace(line, other=others[line.code]) if others.get(line.code, line.said) != line.said else line
        for line in lines
    ]


def granted_by(role: Role) -> dict[str, Granted]:
    """What a role grants, by type."""
    return {each.entity: Granted(Reach(each.reach), each.verbs, each.fields) for each in role.grants.all()}


def _line(thing: Thing, given: Granted | None) -> Line:
    levels: Mapping[str, str] = given.fields or {} if given else {}
    usual = levels.get(ANY, Level.HIDDEN) if given else Level.EDIT
    return Line(
        thing.code,
        thing.label,
        given.reach if given else Reach.NONE,
        [(verb, words, given is not None and verb in given.verbs) for verb, words in thing.verbs],
        thing.has_reach,
        [(key, words, str(levels.get(key, usual))) for key, words in thing.groups],
    )


def read_grants(sent: QueryDict, role: Role) -> dict[str, Granted]:
    """What the form says; a reach, verb or level that is not on the list is refused."""
    known = granted_by(role)
    found: dict[str, Granted] = {}
    for thing in _objects():
        code = thing.code
        if thing.has_reach and f"reach.{code}" not in sent:
            continue
        reach = sent[f"reach.{code}"] if thing.has_reach else known[code].reach if code in known else Reach.NONE
        granted = sent.getlist(f"verbs.{code}")
        if reach not in Reach.values or not set(granted) <= {verb for verb, _words in thing.verbs}:
            raise BadRequest(_("This request could not be read."), field=code)
        if code in known or granted or reach != Reach.NONE:
            found[code] = Granted(Reach(reach), granted, _levels(sent, thing, known.get(code)))
    return found


def _levels(sent: QueryDict, thing: Thing, known: Granted | None) -> dict[str, str] | None:
    """The levels that the form names; those of groups that it does not name stay as they were."""
    said = {key: str(sent[name]) for key, _words in thing.groups if (name := f"level.{thing.code}.{key}") in sent}
    if not set(said.values()) <= set(Level.values):
        raise BadRequest(_("This request could not be read."), field=thing.code)
    if not said:
        return None
    before: Mapping[str, str] = (known.fields or {}) if known else every_field()
    whole = {**before, **said}
    usual = whole.get(ANY, Level.HIDDEN)
    return {key: level for key, level in whole.items() if key == ANY or level != usual}


def changes_between(role: Role, wanted: Mapping[str, Granted]) -> list[tuple[str, str, str]]:
    """What saving would change: the object, the words before and after."""
    before = {line.code: line for line in rows_of_matrix(role)}
    after = rows_of_matrix(role, {**granted_by(role), **wanted})
    return [(line.label, before[line.code].said, line.said) for line in after if line.said != before[line.code].said]


def changes_of(role: Role) -> QuerySet[JournalEntry]:
    """The changes of what a role grants, as the journal keeps them, the latest first."""
    return JournalEntry.objects.filter(entity="role", subject_id=role.pk, event="GrantsChanged").order_by("-id")


def as_it_was(role: Role, before: Mapping[str, Any]) -> dict[str, Granted]:
    """The grants that an event of the journal keeps as those before it; what it does not name stays."""
    found = granted_by(role)
    for code, told in before.items():
        reach, *rest = told
        levels = dict(each.split("=", 1) for each in rest if "=" in each)
        found[code] = Granted(Reach(reach), [each for each in rest if "=" not in each], levels or every_field())
    return found


@dataclass(frozen=True)
class Thing:
    """Something that rights are given on."""

    code: str
    label: str
    verbs: list[tuple[str, str]]
    has_reach: bool = True
    groups: list[tuple[str, str]] = field(default_factory=list)


def _objects() -> Iterator[Thing]:
    with seen_by(None):
        whole = [(ANY, str(WORDS[ANY])), (PERSONAL, _("see personal data"))]
        yield Thing(ANY, _("Everything"), whole, True, _groups([]))
        for entity in sorted(entities(), key=lambda each: str(each.plural)):
            usual = [(verb, str(WORDS[verb])) for verb in (ANY, *USUAL)]
            beside = [(verb, str(words)) for verb, words in rights_beside(entity.code).items()]
            own = [(verb.name, str(verb.label)) for verb in entity.verbs]
            groups = _groups((section.key, str(section.title)) for section in entity.sections)
            yield Thing(entity.code, str(entity.plural), [*usual, *beside, *own], True, groups)
        for code, (label, verbs) in BESIDE.items():
            yield Thing(code, str(label), [(verb, str(WORDS[verb])) for verb in verbs], False)


def _groups(sections: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*sections, (ANY, _("Fields added later"))]


def object_names() -> dict[str, str]:
    """What the objects of the matrix are called."""
    return {thing.code: thing.label for thing in _objects()}
