"""How added fields and the values of their lists present themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from krug.administration.actions.attribute_values import add_value, archive_value, change_value, merge_value
from krug.administration.actions.attributes import add_attribute, archive_attribute, change_attribute
from krug.kernel.attributes.models import Attribute, AttributeValue
from krug.kernel.attributes.serving import is_extensible
from krug.kernel.entity import Entity, Section, Verb
from krug.kernel.fields import ChoiceField, ReferenceField
from krug.kernel.registry import entities
from krug.kernel.visibility import everyone


@dataclass(frozen=True, kw_only=True)
class ObjectField(ChoiceField):
    """A type of records that may have added fields, by its name."""

    choices: ClassVar[Any] = property(  # type: ignore[misc]  # asked when shown, since other types register later
        lambda field: tuple((each.code, each.plural) for each in entities() if is_extensible(each))
    )


OBJECT = ObjectField(
    name="entity", label=_("object"), required=True, hint=_("It stays as it is once the field is there, like its kind.")
)

ATTRIBUTE = Entity(
    code="attribute",
    model=Attribute,
    label=_("Added field"),
    new=_("New field"),
    plural=_("Added fields"),
    icon="settings",
    visible=everyone,
    columns=("name_ru", "name_en", "entity", "kind", "section", "is_required", "position"),
    filters=("entity", "kind", "is_archived"),
    sorts=("position", "name_ru", "name_en"),
    order="position",
    form=(
        Section(_("Field"), "name_ru", "name_en", "entity", "kind"),
        Section(_("On the form"), "section", "position", "is_required"),
    ),
    extra=(OBJECT,),
    title="name",
    owner="",
    page=("summary", "related", "timeline"),
    create=add_attribute,
    change=change_attribute,
    archive=archive_attribute,
)

INTO = ReferenceField(name="into", label=_("value that stays"), model=AttributeValue, required=True)

ATTRIBUTE_VALUE = Entity(
    code="attribute-value",
    model=AttributeValue,
    label=_("List value"),
    new=_("New list value"),
    plural=_("List values"),
    icon="list",
    visible=everyone,
    columns=("name_ru", "name_en", "attribute", "parent", "position"),
    filters=("attribute", "parent", "is_archived"),
    sorts=("position", "name_ru", "name_en"),
    order="position",
    form=(Section(_("Value"), "attribute", "name_ru", "name_en", "parent", "position"),),
    protected=("merged_into",),
    title="name",
    owner="",
    page=("summary", "timeline"),
    create=add_value,
    change=change_value,
    archive=archive_value,
    verbs=(Verb(merge_value, _("Merge into another value"), icon="move", asks=(INTO,), danger=True, code="unite"),),
)
