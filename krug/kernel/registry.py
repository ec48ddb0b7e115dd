"""The list of all entity types; being on it is what gives a type its surfaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from krug.kernel.attributes.serving import is_extensible
from krug.kernel.entity import PERSONAL, Dictionary, Entity, Section, type_text
from krug.kernel.errors import NotFound

_entities: dict[str, Entity] = {}
_by_model: dict[type[Any], Entity] = {}
_beside: dict[str, dict[str, type_text]] = {}


def register(*declared: Entity | Dictionary) -> None:
    """Put entity types on the list; a code or a model may stand there once."""
    for item in declared:
        entity = _from_dictionary(item) if isinstance(item, Dictionary) else item
        known = _entities.get(entity.code)
        if known is not None and known is not entity and known.model is not entity.model:
            raise ValueError(f"Two entity types call themselves {entity.code}.")
        if entity.model in _by_model and _by_model[entity.model].code != entity.code:
            raise ValueError(f"{entity.model.__name__} is declared twice.")
        _entities[entity.code] = entity
        _by_model[entity.model] = entity


def grantable(entity: Entity, verb: str, words: type_text) -> None:
    """Name a right that roles may hold on a type beside its verbs, such as to waive conditions."""
    _beside.setdefault(entity.code, {})[verb] = words


def rights_beside(code: str) -> dict[str, type_text]:
    """The rights on a type beside its verbs, in words."""
    entity = _entities.get(code)
    seeing: dict[str, type_text] = (
        {PERSONAL: _("see personal data")} if entity and (entity.personal or is_extensible(entity)) else {}
    )
    return {**seeing, **_beside.get(code, {})}


def entities() -> Iterator[Entity]:
    """Every registered type, in the order of registration."""
    return iter(list(_entities.values()))


def get_entity(code: str) -> Entity:
    """The type of that code."""
    try:
        return _entities[code]
    except KeyError:
        raise NotFound(code="NO_SUCH_ENTITY") from None


def entity_of(model: type[Any]) -> Entity | None:
    """The type declared for a model, if there is one."""
    return _by_model.get(model)


def _from_dictionary(item: Dictionary) -> Entity:
    from krug.kernel.visibility import everyone

    names = [field.name for field in item.model._meta.get_fields() if getattr(field, "editable", False)]
    shown = [name for name in names if name not in {"id", "is_archived", "created_at", "updated_at", "custom"}]
    return Entity(
        code=item.code,
        model=item.model,
        label=item.label,
        new=item.new,
        plural=item.plural,
        plural_code=item.plural_code,
        visible=everyone,
        columns=tuple(shown),
        form=(Section(item.label, *shown),),
        protected=("is_archived",),
        hidden=("custom",) if "custom" in names else (),
        order="id",
        title="name" if "name_ru" in names else shown[0],
        page=("summary", "history"),
        icon="list",
        menu="settings",
    )
