"""Whether a record has related ones of another type, such as a deal since September: asked in the filter language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.fields.base import Field, Reading
from krug.kernel.fields.build import SHOWN_BY_ALL
from krug.kernel.fields.reference import ReferenceField
from krug.kernel.moment import looking_back
from krug.kernel.registry import entities

if TYPE_CHECKING:
    from krug.access.models import User
    from krug.kernel.entity import Entity

BETWEEN = "."


@dataclass(frozen=True, kw_only=True)
class RelatedField(Field):
    """Records of another type that lead here through one link; the value narrows them by conditions of their own."""

    kind: ClassVar[str] = "related"
    operators: ClassVar[tuple[str, ...]] = ("has", "has_no")

    other: Entity
    link: ReferenceField

    def condition(self, operator: str, value: Any, reading: Reading) -> Q:
        from krug.kernel.listing import filters

        if operator not in self.operators:
            return super().condition(operator, value, reading)
        rows = self.other.rows_for(reading.user)
        if rows.query.is_empty():
            raise BadRequest(
                _("Your role does not see “%(name)s”, so it can not be asked for here.") % {"name": self.other.plural},
                field=self.name,
                code="FIELD_OUT_OF_REACH",
            )
        tree = filters.read_tree(value)
        inside = [condition for condition in filters.conditions_in(tree) if BETWEEN in condition.field]
        deeper = [read for each in inside for read in filters.conditions_in(filters.read_tree(each.value))]
        if any(BETWEEN in condition.field for condition in deeper):
            raise BadRequest(
                _("Conditions on related records may ask once more for what is related to those, and no further."),
                field=self.name,
                code="FILTER_TOO_FAR",
            )
        if "is_archived" in self.other.fields and not filters.mentions(tree, "is_archived"):
            rows = rows.filter(is_archived=False)
        rows = rows.filter(filters.compile(self.other, tree, reading))
        few = self._few(rows, tree.to_json(), reading) if operator == "has" and not self.link.is_attribute else None
        if few is not None:
            return Q(**{f"{self.at}__in": few})
        found = Q(Exists(rows.filter(self._leads_here())))
        return ~found if operator == "has_no" else found

    def _few(self, rows: Any, tree: Any, reading: Reading) -> list[int] | None:
        """The numbers of the records led to, where they are few; asked once for a request."""
        from krug.kernel.listing.words import few_numbers

        if reading.is_trial:
            return None
        if reading.known is None:
            return few_numbers(rows, self.link.id_at)
        key = (self.name, self.other.code, str(tree), str(looking_back()))
        if key not in reading.known:
            reading.known[key] = few_numbers(rows, self.link.id_at)
        found: list[int] | None = reading.known[key]
        return found

    def _leads_here(self) -> Q:
        link: Any = self.link
        if link.is_attribute:
            return Q(link.entries(number=OuterRef(OuterRef(self.at))))
        return Q(**{link.id_at: OuterRef(self.at)})


def pointing_at(entity: Entity) -> list[tuple[Entity, ReferenceField]]:
    """Every link of a registered type that leads to this one."""
    return [(other, field) for other in entities() for field in _links(other, entity)]


def is_stored(other: Entity, field: ReferenceField) -> bool:
    """Whether the link is a column of the type, not one that exists only as a filter."""
    first = field.at.partition("__")[0]
    return any(column.name == first for column in other.model._meta.concrete_fields)


def related_fields(entity: Entity, user: User | None = None) -> list[RelatedField]:
    """What may be asked of the records that lead to this type, as far as the user sees any of them."""
    found = pointing_at(entity)
    hidden = {other.code for other, _link in found if user and other.rows_for(user).query.is_empty()}
    codes = [other.code for other, _link in found]
    return [_made(other, link, codes.count(other.code)) for other, link in found if other.code not in hidden]


def related_field(entity: Entity, name: str) -> RelatedField | None:
    """The field behind a name such as `deal.party`, the type and its link; nothing when none leads here so."""
    code, between, wanted = name.partition(BETWEEN)
    other = next((each for each in entities() if each.code == code), None) if between else None
    links = _links(other, entity) if other else []
    return next((_made(other, link, len(links)) for link in links if other and link.name == wanted), None)


def _links(other: Entity, entity: Entity) -> list[ReferenceField]:
    return [
        field
        for name, field in other.fields.items()
        if isinstance(field, ReferenceField)
        and field.model is entity.model
        and (field.is_attribute or is_stored(other, field))
        and name not in SHOWN_BY_ALL
        and not field.is_person
    ]


def _made(other: Entity, link: ReferenceField, how_many: int) -> RelatedField:
    label = f"{other.plural} ({link.label})" if how_many > 1 else other.plural
    return RelatedField(name=f"{other.code}{BETWEEN}{link.name}", label=label, path="pk", other=other, link=link)
