"""The addresses of people and settings, each with its door."""

from functools import partial, update_wrapper

from django.urls import path

from krug.administration.entities.people import ROLE, TEAM, USER
from krug.administration.screens import audit, held, help, join, me, people, settings, sign_in, tokens
from krug.kernel.screens.door import PUBLIC, SIGNED_IN, door
from krug.kernel.screens.urls import entity_urls

everybody, signed_in = door(PUBLIC), door(SIGNED_IN)
invite = update_wrapper(partial(people.invite, entity=USER), people.invite)
grants = update_wrapper(partial(people.grants, entity=ROLE), people.grants)

urlpatterns = [
    path("help/", help.help_page, name="help"),
    path("sign-in/", everybody(sign_in.sign_in), name="sign-in"),
    path("sign-in/again/", signed_in(held.send_again), name="send-again"),
    path("sign-out/", everybody(sign_in.sign_out), name="sign-out"),
    path("join/<str:secret>/", everybody(join.join), name="join"),
    path("me/", signed_in(me.profile), name="me"),
    path("me/email/", signed_in(me.email), name="me-email"),
    path("me/password/", signed_in(me.password), name="me-password"),
    path("me/sessions/", signed_in(me.sessions), name="me-sessions"),
    path("me/sessions/others/", signed_in(me.end_others), name="me-sessions-others"),
    path("me/sessions/<slug:handle>/end/", signed_in(me.end_one), name="me-sessions-end"),
    path("me/tokens/", signed_in(tokens.tokens), name="me-tokens"),
    path("me/tokens/<int:pk>/revoke/", signed_in(tokens.revoke), name="me-tokens-revoke"),
    path("settings/", signed_in(settings.settings_page), name="settings"),
    path("settings/company/", door("company.change")(settings.company_page), name="settings-company"),
    path("settings/audit/", door("audit.read")(audit.audit_page), name="settings-audit"),
    *entity_urls(USER, record=people.user_page),
    path("users/<int:pk>/invite/", door("user.invite")(invite), name="user-invite"),
    *entity_urls(TEAM),
    *entity_urls(ROLE, record=people.role_page),
    path("roles/<int:pk>/grants/", door("role.change")(grants), name="role-grants"),
]
