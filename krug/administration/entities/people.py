"""How people, teams and roles present themselves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krug.access.models import Role, Team, User
from krug.administration import policies
from krug.administration.actions.people import (
    activate_person,
    archive_person,
    change_person,
    create_person,
    deactivate_person,
)
from krug.administration.actions.roles import (
    archive_role,
    change_role,
    create_role,
    give_role,
    restore_role,
    withdraw_role,
)
from krug.administration.actions.second_step import reset_second_step
from krug.administration.actions.sessions import end_sessions
from krug.administration.actions.teams import archive_team, change_team, create_team
from krug.administration.zones import ZONES
from krug.kernel.entity import Entity, Section, Verb
from krug.kernel.fields import ChoiceField, ReferenceField

ROLE_ASKED = ReferenceField(name="role", label=_("role"), model=Role, required=True)

USER = Entity(
    code="user",
    model=User,
    label=_("Employee"),
    new=_("New employee"),
    plural=_("Employees"),
    icon="person",
    visible=policies.users,
    title="surname",
    columns=("surname", "given_name", "email", "position", "team", "is_active", "last_login"),
    filters=("team", "is_active", "position", "email"),
    sorts=("surname", "given_name", "last_login"),
    order="surname",
    search={"surname": "A", "given_name": "B", "email": "C"},
    form=(
        Section(pgettext_lazy("who works here", "Person"), "surname", "given_name", "patronymic", "email"),
        Section(_("Place"), "position", "team"),
        Section(_("Language and time"), "language", "timezone"),
    ),
    protected=("is_active", "last_login"),
    hidden=("password", "roles", "theme", "density", "has_shortcuts"),
    extra=(ChoiceField(name="timezone", label=_("time zone"), choices=ZONES, required=True, default="Europe/Moscow"),),
    page=("summary", "timeline"),
    create=create_person,
    change=change_person,
    archive=archive_person,
    verbs=(
        Verb(give_role, _("Give a role"), icon="plus", asks=(ROLE_ASKED,), when="is_active"),
        Verb(withdraw_role, _("Take a role away"), icon="close", asks=(ROLE_ASKED,)),
        Verb(end_sessions, _("Sign out everywhere"), icon="sign-out", code="sign-out", when="is_active"),
        Verb(reset_second_step, _("Reset the second step"), icon="lock", code="reset-step", when="has_second_step"),
        Verb(
            deactivate_person,
            _("Deactivate"),
            icon="lock",
            when="is_active",
            danger=True,
            says=_(
                "The person is signed out everywhere at once and their tokens stop working. Records stay theirs until "
                "you hand them over; the person's page offers it afterwards."
            ),
        ),
        Verb(activate_person, _("Activate"), icon="undo", when="is_inactive"),
    ),
    menu="settings",
)

TEAM = Entity(
    code="team",
    model=Team,
    label=_("Team"),
    new=_("New team"),
    plural=_("Teams"),
    icon="people",
    visible=policies.teams,
    columns=("name", "parent", "head", "office"),
    filters=("parent", "head", "office"),
    sorts=("name", "office"),
    order="name",
    search={"name": "A", "office": "C"},
    form=(Section(_("Team"), "name", "parent", "head", "office"),),
    create=create_team,
    change=change_team,
    archive=archive_team,
    menu="settings",
)

ROLE = Entity(
    code="role",
    model=Role,
    label=_("Role"),
    new=_("New role"),
    plural=_("Roles"),
    icon="lock",
    visible=policies.roles,
    columns=("name_ru", "name_en", "code", "is_archived"),
    filters=("code",),
    sorts=("code",),
    order="code",
    search={"name_ru": "A", "name_en": "A"},
    form=(Section(_("Role"), "name_ru", "name_en"), Section(_("Sign-in"), "factor_from")),
    protected=("code",),
    page=("summary", "timeline"),
    create=create_role,
    change=change_role,
    archive=archive_role,
    restore=restore_role,
    menu="settings",
)
