"""The pages of the settings that are no list of records."""

from django.utils.translation import gettext_lazy as _

from krug.administration.settings_pages import SettingsPage, name_settings

name_settings(
    SettingsPage(
        title=_("Company"),
        url="/settings/company/",
        group="company",
        icon="company",
        right=("company", "change"),
        says=_("The name, the usual currency, the clock and the language of the whole company."),
        covers=("company",),
        words=_("time zone, currency, language, name of the company"),
    ),
    SettingsPage(
        title=_("Outgoing mail"),
        url="/settings/mail/",
        group="company",
        icon="mail",
        right=("company", "change"),
        says=_(
            "The server that takes the letters of the house: invitations, links for a new password, notices of safety."
        ),
        covers=("mail_server",),
        words=_("SMTP, e-mail, letters, invitation, mail server"),
    ),
    SettingsPage(
        title=_("Single sign-on"),
        url="/settings/sign-on/",
        group="people",
        icon="link",
        right=("company", "change"),
        says=_("By which accounts kept elsewhere people may come in, and which of them bring new people in."),
        covers=("sign_on_provider",),
        words=_("SSO, OpenID Connect, OIDC, Keycloak, Google, Microsoft, Yandex, provider"),
    ),
    SettingsPage(
        title=_("Directory of the company"),
        url="/settings/directory/",
        group="people",
        icon="tree",
        right=("company", "change"),
        says=_("Whether people sign in with the password of the company's directory, and which roles its groups give."),
        covers=("sign_on_directory",),
        words=_("LDAP, Active Directory, OpenLDAP, FreeIPA, ALD Pro, groups"),
    ),
    SettingsPage(
        title=_("Employees"),
        url="/users/",
        group="people",
        icon="person",
        right=("user", ""),
        says=_("Who works here, may come in and holds which roles."),
        covers=("user",),
        words=_("users, employees, invite, deactivate, password, sign-in"),
    ),
    SettingsPage(
        title=_("Teams"),
        url="/teams/",
        group="people",
        icon="people",
        right=("team", ""),
        says=_("Who works with whom: a head sees the work of the teams below."),
        covers=("team",),
        words=_("departments, offices, head"),
    ),
    SettingsPage(
        title=_("Tokens of everybody"),
        url="/settings/tokens/",
        group="people",
        icon="lock",
        right=("token", "manage"),
        says=_("By which keys programs come in, whose they are and when they were used; any of them can be revoked."),
        words=_("API, keys, programs, revoke, access"),
    ),
    SettingsPage(
        title=_("Roles"),
        url="/roles/",
        group="people",
        icon="lock",
        right=("role", ""),
        says=_("What people may see and do; a change holds from the next page they open."),
        covers=("role",),
        words=_("rights, access, permissions"),
    ),
    SettingsPage(
        title=_("Objects and fields"),
        url="/settings/attributes/",
        group="objects",
        icon="list",
        right=("attribute", "change"),
        says=_("Which fields of your own stand on forms, in lists, filters, files and calls of programs."),
        covers=("attribute", "attribute-value"),
        words=_("attributes, classifiers, formula, added fields, lists of values"),
    ),
    SettingsPage(
        title=_("Import"),
        url="/import/",
        group="exchange",
        icon="import",
        right=("user", "import"),
        says=_("Brings records from files; the whole of an import can be taken back."),
        words=_("load a file, Excel, CSV, vCard"),
    ),
    SettingsPage(
        title=_("Audit record"),
        url="/settings/audit/",
        group="journal",
        icon="history",
        right=("audit", "read"),
        says=_(
            "It only tells: sign-ins, refusals, exports, changes of rights and of settings. Nothing is changed here."
        ),
        words=_("security, sign-ins, exports, refusals, log"),
    ),
)
