"""What a list shows, as its address says it: view, filter, sort, columns, page, open drawer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist
from django.db.models.fields import Field as Column
from django.utils.translation import gettext as _

from krug.kernel.attributes.kinds import keeps_order
from krug.kernel.errors import BadRequest
from krug.kernel.fields import LongTextField, ReferenceField, title_names
from krug.kernel.fields.related import RelatedField
from krug.kernel.listing.filters import read_tree
from krug.language.calendar_words import speech

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

LIMITS = (50, 100, 200)
KEPT = ("view", "filter", "sort", "columns", "limit", "q", "month", "tree", "by")
PLACED = ("after", "before", "open", "saved", "as_of")
VIEWS = {"table"}
MOST_COLUMNS = 40
LONGEST_WORD = 200
ALPHABET = "sort_key"


@dataclass(frozen=True)
class ListState:
    """One way to look at one entity type; two equal states show the same screen."""

    view: str = "table"
    tree: dict[str, Any] | None = None
    sort: str = ""
    columns: tuple[str, ...] = ()
    limit: int = 50
    q: str = ""
    month: str = ""
    hierarchy: str = ""
    by: str = ""
    after: str = ""
    before: str = ""
    open: str = ""
    saved: str = ""
    as_of: str = ""
    kept: Mapping[str, str] = field(default_factory=dict, compare=False)

    def sorted_by(self, entity: Entity) -> tuple[str, bool]:
        """The field of the sort and whether it falls."""
        sort = self.sort or entity.order
        return sort.lstrip("-"), sort.startswith("-")

    def shown_columns(self, entity: Entity) -> tuple[str, ...]:
        """The columns of the table: the chosen ones, or those of the declaration in the reader's language."""
        foreign = "_en" if speech() == "ru" else "_ru"
        return self.columns or tuple(name for name in entity.columns if not name.endswith(foreign))

    def changed(self, **changes: Any) -> ListState:
        """Another state; whatever changes the rows also returns to the first page."""
        if set(changes) - {"after", "before", "open"}:
            changes = {"after": "", "before": "", "open": "", **changes}
        return replace(self, **changes)

    def to_params(self) -> dict[str, str]:
        """The state as parameters of an address, without what a saved view says already."""
        said = {**self.to_json(), "after": self.after, "before": self.before, "open": self.open, "saved": self.saved}
        said |= {"as_of": self.as_of}
        if not self.saved:
            return {name: value for name, value in said.items() if value}
        return {
            name: value
            for name, value in said.items()
            if value != self.kept.get(name, "") or (name == "saved" and value)
        }

    def to_json(self) -> dict[str, str]:
        """What a saved view keeps."""
        return {
            "view": "" if self.view == "table" else self.view,
            "filter": filter_text(self.tree),
            "sort": self.sort,
            "columns": ",".join(self.columns),
            "limit": "" if self.limit == LIMITS[0] else str(self.limit),
            "q": self.q,
            "month": self.month,
            "tree": self.hierarchy,
            "by": self.by,
        }

    def query(self, **changes: Any) -> str:
        """The part of an address after the question mark."""
        params = self.changed(**changes).to_params() if changes else self.to_params()
        return urlencode(params)


def list_url(entity: Entity, state: ListState | None = None, **changes: Any) -> str:
    """The address of a list in that state; `list_url(DEAL, tree={…}, view="board")` links to exactly these records."""
    query = (state or ListState()).query(**changes)
    return f"{entity.url()}?{query}" if query else entity.url()


def read_state(entity: Entity, params: Mapping[str, str], kept: Mapping[str, str] | None = None) -> ListState:
    """The state that an address says, over what a saved view says; anything not on the lists is refused."""
    kept = {name: str(value) for name, value in (kept or {}).items() if name in KEPT and value}
    said = {**kept, **{name: params[name] for name in (*KEPT, *PLACED) if name in params}}
    columns = (
        ",".join(params.getlist("columns"))
        if hasattr(params, "getlist") and "columns" in params
        else said.get("columns", "")
    )
    tree = read_tree(said.get("filter") or None)
    state = ListState(
        view=_one_of(said.get("view") or "table", VIEWS, "view"),
        tree=tree.to_json() if tree.nodes else None,
        sort=said.get("sort", ""),
        columns=read_columns(entity, columns),
        limit=read_limit(said.get("limit", "")),
        q=said.get("q", "").strip()[:LONGEST_WORD].replace("\x00", ""),
        month=said.get("month", ""),
        hierarchy=said.get("tree", "") if said.get("tree", "").isdecimal() else "",
        by=said.get("by", "")[:80],
        after=said.get("after", ""),
        before=said.get("before", ""),
        open=said.get("open", "") if said.get("open", "").isdecimal() else "",
        saved=said.get("saved", "")[:20],
        as_of=said.get("as_of", "")[:40],
        kept=kept,
    )
    if state.sort:
        sort_path(entity, state.sort.lstrip("-"))
    return state


def read_columns(entity: Entity, text: str) -> tuple[str, ...]:
    """Names of columns that exist, each once, in the order they were asked."""
    names = tuple(dict.fromkeys(name for name in text.split(",") if name))
    if len(names) > MOST_COLUMNS:
        raise BadRequest(
            _("Choose at most %(count)s columns.") % {"count": MOST_COLUMNS}, field="columns", code="COLUMNS"
        )
    for name in names:
        if isinstance(entity.field(name), RelatedField):
            raise BadRequest(_("Related records can not be a column."), field="columns", code="COLUMNS")
    return names


def read_limit(text: str, *, most: int = LIMITS[-1]) -> int:
    """How many rows a page holds: 50 unless another number up to 200 is asked."""
    if not text:
        return LIMITS[0]
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= most):
        raise BadRequest(_("A page holds from 1 to %(most)s rows.") % {"most": most}, field="limit", code="LIMIT")
    return int(text)


def sort_path(entity: Entity, name: str) -> str:
    """The database path that a sort by this field means: titles and references sort by the stored alphabet."""
    known = entity.field(name)
    if keeps_order(known):
        return known.at
    path = known.at
    if isinstance(known, ReferenceField):
        path = f"{known.at}__{_alphabet(known.model) or title_names(known.model)[0]}"
    elif name == entity.title:
        path = _alphabet(entity.model) or known.at
    if isinstance(known, LongTextField) or column_at(entity.model, path) is None:
        raise BadRequest(
            _("The list can not be sorted by “%(field)s”.") % {"field": known.label}, field=name, code="NOT_SORTABLE"
        )
    return path


def column_at(model: Any, path: str) -> Column[Any, Any] | None:
    """The column behind a path; a field that is worked out has none."""
    column = None
    for name in path.split("__"):
        try:
            column = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = getattr(column, "related_model", None) or model
    return column if isinstance(column, Column) else None


def sortable(entity: Entity) -> tuple[str, ...]:
    """The fields whose heads are links: those the type names, or all its own plain columns."""
    added = tuple(name for name, field in entity.fields.items() if keeps_order(field))
    if entity.sorts:
        own = (*entity.sorts, entity.title) if _alphabet(entity.model) in entity.sorts else entity.sorts
        return (*own, *added)
    plain = (name for name in entity.columns if name not in added)
    return (*(name for name in plain if not isinstance(entity.field(name), LongTextField)), *added)


def _alphabet(model: Any) -> str:
    """The column that keeps the order of the alphabet, where the type has one."""
    return ALPHABET if any(column.name == ALPHABET for column in model._meta.concrete_fields) else ""


def filter_text(tree: dict[str, Any] | None) -> str:
    """The filter as it stands in an address."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")) if tree else ""


def _one_of(value: str, allowed: set[str], name: str) -> str:
    if value not in allowed:
        raise BadRequest(_("“%(value)s” is not known here.") % {"value": value[:40]}, field=name, code="UNKNOWN_VALUE")
    return value
