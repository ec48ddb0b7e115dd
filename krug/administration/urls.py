"""The addresses of people and settings, each with its door."""

from functools import partial, update_wrapper

from django.urls import path

from krug.administration.entities.attributes import ATTRIBUTE, ATTRIBUTE_VALUE
from krug.administration.entities.outgoing import OPENED_HOST
from krug.administration.entities.people import ROLE, TEAM, USER
from krug.administration.screens import (
    api_docs,
    attribute_values,
    attributes,
    audit,
    directory,
    held,
    help,
    join,
    journal,
    looking,
    mail,
    me,
    passkeys,
    people,
    rights,
    second_step,
    settings,
    sign_in,
    sign_on,
    sign_on_settings,
    steps,
    tokens,
)
from krug.administration.screens import (
    invite as invite_first,
)
from krug.administration.settings_search import settings_beside
from krug.kernel.screens.door import PUBLIC, SIGNED_IN, door
from krug.kernel.screens.searching import find_beside
from krug.kernel.screens.urls import entity_urls

find_beside(settings_beside)
everybody, signed_in = door(PUBLIC), door(SIGNED_IN)
invite = update_wrapper(partial(people.invite, entity=USER), people.invite)
look_as_person = update_wrapper(partial(looking.begin, entity=USER), looking.begin)
look_as_role = update_wrapper(partial(looking.begin, entity=ROLE), looking.begin)
grants = update_wrapper(partial(rights.rights_page, entity=ROLE), rights.rights_page)

urlpatterns = [
    path("api/v1/docs", api_docs.docs_page, name="api-docs"),
    path("api/v1/docs/", api_docs.docs_page),
    path("api/v1/docs/<slug:name>/", api_docs.docs_page, name="api-docs-of"),
    path("help/", help.help_page, name="help"),
    path("sign-in/", everybody(sign_in.sign_in), name="sign-in"),
    path("sign-in/again/", signed_in(held.send_again), name="send-again"),
    path("sign-in/code/", everybody(second_step.code_page), name="sign-in-code"),
    path("sign-in/passkey/", everybody(passkeys.first), name="sign-in-passkey"),
    path("sign-in/passkey/ask/", everybody(passkeys.ask), name="sign-in-passkey-ask"),
    path("sign-in/code/passkey/", everybody(passkeys.second), name="sign-in-code-passkey"),
    path("sign-in/second-step/", everybody(second_step.set_up), name="sign-in-set-up"),
    path("sign-in/second-step/passkey/", everybody(passkeys.set_up), name="sign-in-set-up-passkey"),
    path("sign-in/second-step/passkey/ask/", everybody(passkeys.ask_first), name="sign-in-set-up-passkey-ask"),
    path("sign-in/forgot/", everybody(join.forgot), name="sign-in-forgot"),
    path("sign-in/with/<int:pk>/", everybody(sign_on.begin), name="sign-on"),
    path("sign-in/with/answer/", everybody(sign_on.answer), name="sign-on-answer"),
    path("sign-out/", everybody(sign_in.sign_out), name="sign-out"),
    path("join/<str:secret>/", everybody(join.join), name="join"),
    path("me/", signed_in(me.profile), name="me"),
    path("me/email/", signed_in(me.email), name="me-email"),
    path("me/password/", signed_in(me.password), name="me-password"),
    path("me/sessions/", signed_in(me.sessions), name="me-sessions"),
    path("me/sessions/others/", signed_in(me.end_others), name="me-sessions-others"),
    path("me/sessions/<slug:handle>/end/", signed_in(me.end_one), name="me-sessions-end"),
    path("me/confirm/", signed_in(steps.confirm), name="me-confirm"),
    path("me/second-step/", signed_in(steps.home), name="me-second-step"),
    path("me/second-step/app/", signed_in(steps.app), name="me-second-step-app"),
    path("me/second-step/app/off/", signed_in(steps.app_off), name="me-second-step-app-off"),
    path("me/second-step/codes/", signed_in(steps.recovery), name="me-second-step-codes"),
    path("me/second-step/passkeys/", signed_in(passkeys.add), name="me-passkeys"),
    path("me/second-step/passkeys/ask/", signed_in(passkeys.ask_new), name="me-passkeys-ask"),
    path("me/second-step/passkeys/<int:pk>/remove/", signed_in(passkeys.remove), name="me-passkeys-remove"),
    path("me/accounts/<int:pk>/connect/", signed_in(sign_on.connect), name="me-account-connect"),
    path("me/accounts/<int:pk>/part/", signed_in(sign_on.part), name="me-account-part"),
    path("me/accounts/directory/", signed_in(directory.connect), name="me-account-directory"),
    path("me/tokens/", signed_in(tokens.tokens), name="me-tokens"),
    path("me/tokens/<int:pk>/revoke/", signed_in(tokens.revoke), name="me-tokens-revoke"),
    path("journal/", journal.journal_page, name="journal"),
    path("journal/runs/<int:number>/", journal.run_page, name="run"),
    path("journal/runs/<int:number>/<slug:act>/", journal.run_act, name="run-act"),
    path("settings/", signed_in(settings.settings_page), name="settings"),
    path("settings/tokens/", door("token.manage")(tokens.all_tokens), name="settings-tokens"),
    path("settings/tokens/<int:pk>/revoke/", door("token.manage")(tokens.revoke_any), name="settings-tokens-revoke"),
    path("settings/company/", door("company.change")(settings.company_page), name="settings-company"),
    path("settings/mail/", door("company.change")(mail.mail_page), name="settings-mail"),
    path("settings/mail/test/", door("company.change")(mail.test), name="settings-mail-test"),
    path("settings/sign-on/", door("company.change")(sign_on_settings.providers_page), name="settings-sign-on"),
    path("settings/sign-on/new/", door("company.change")(sign_on_settings.new_page), name="settings-sign-on-new"),
    path(
        "settings/sign-on/<int:number>/", door("company.change")(sign_on_settings.one_page), name="settings-sign-on-one"
    ),
    path("settings/directory/", door("company.change")(directory.directory_page), name="settings-directory"),
    path("settings/directory/try/", door("company.change")(directory.try_out), name="settings-directory-try"),
    path("settings/audit/", door("audit.read")(audit.audit_page), name="settings-audit"),
    path("settings/attributes/", door("attribute.change")(attributes.objects_page), name="objects"),
    path("settings/attributes/<slug:code>/", door("attribute.change")(attributes.object_page), name="object"),
    path("settings/attributes/<slug:code>/new/", door("attribute.create")(attributes.new_attribute), name="new-field"),
    path("settings/attributes/fields/<int:pk>/move/", door("attribute.change")(attributes.move), name="move-field"),
    path(
        "settings/attributes/fields/<int:pk>/details/",
        door("attribute.change")(attributes.details_page),
        name="field-details",
    ),
    path(
        "settings/attributes/fields/<int:pk>/values/",
        door("attribute.change")(attribute_values.values_page),
        name="field-values",
    ),
    path(
        "settings/attributes/values/<int:pk>/move/",
        door("attribute-value.change")(attribute_values.move),
        name="move-value",
    ),
    path(
        "settings/attributes/values/<int:pk>/merge/",
        door("attribute-value.unite")(attribute_values.merge_page),
        name="merge-value",
    ),
    *entity_urls(ATTRIBUTE),
    *entity_urls(ATTRIBUTE_VALUE),
    *entity_urls(OPENED_HOST),
    *entity_urls(USER, record=people.user_page),
    path("settings/invite/", door("user.invite")(invite_first.invite_page), name="settings-invite"),
    path("users/<int:pk>/invite/", door("user.invite")(invite), name="user-invite"),
    path("users/<int:pk>/look-as/", door("user.look-as")(look_as_person), name="look-as-person"),
    path("roles/<int:pk>/look-as/", door("user.look-as")(look_as_role), name="look-as-role"),
    path("looking/end/", signed_in(looking.end), name="looking-end"),
    *entity_urls(TEAM),
    *entity_urls(ROLE, record=people.role_page),
    path("roles/<int:pk>/grants/", door("role.view")(grants), name="role-grants"),
]
