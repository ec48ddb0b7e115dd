"""What the letters of the house say, each in the language of whoever gets it."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.access.models import User
from krug.administration.actions.company import the_company
from krug.administration.actions.invitations import secret_for
from krug.administration.models import Letter
from krug.administration.smtp import Words


def words_of(letter: Letter) -> Words:
    """The letter's subject, text and page; a link in it is made at this moment."""
    with override(letter.person.language):
        return WORDS[Letter.Kind(letter.kind)](letter.person)


def _invitation(person: User) -> Words:
    return _letter(
        _("You are invited to Krug"),
        [
            _("Good day, %(name)s!") % {"name": person.given_name or person.full_name},
            _("You are invited to work in %(company)s. Choose a password and come in:") % {"company": _company()},
        ],
        _link(person),
        [
            _("You will sign in as %(email)s.") % {"email": person.email},
            _("The link works once and for three days. If it has grown old, ask your administrator for another."),
        ],
    )


def _reset(person: User) -> Words:
    return _letter(
        _("A new password for Krug"),
        [
            _("Good day, %(name)s!") % {"name": person.given_name or person.full_name},
            _("Somebody asked for a new password for you in %(company)s. Choose it here:") % {"company": _company()},
        ],
        _link(person),
        [
            _("The link works once and for one hour."),
            _("If it was not you, do nothing: your password stays as it is."),
        ],
    )


def _step_reset(person: User) -> Words:
    return _letter(
        _("Your second step of sign-in was reset"),
        [
            _("Good day, %(name)s!") % {"name": person.given_name or person.full_name},
            _("An administrator of %(company)s has reset your second step of sign-in.") % {"company": _company()},
        ],
        "",
        [_("If you did not ask for it, tell your administrator at once and change your password.")],
    )


def _test(person: User) -> Words:
    text = _("This is a test e-mail from %(company)s. If you can read it, outgoing mail works.") % {
        "company": _company()
    }
    return _letter(_("Test e-mail from Krug"), [text], "", [])


WORDS = {
    Letter.Kind.INVITATION: _invitation,
    Letter.Kind.RESET: _reset,
    Letter.Kind.STEP_RESET: _step_reset,
    Letter.Kind.TEST: _test,
}


def _company() -> str:
    company = the_company()
    return f"Krug ({company.name})" if company else "Krug"


def _link(person: User) -> str:
    return f"{settings.BASE_URL}/join/{secret_for(person)}/"


def _letter(subject: str, before: Sequence[str], link: str, after: Sequence[str]) -> Words:
    plain = "\n\n".join([*before, *([link] if link else []), *after]) + "\n"
    lines = [f"<p>{escape(text)}</p>" for text in before]
    if link:
        lines.append(f'<p><a href="{escape(link)}">{escape(link)}</a></p>')
    lines += [f"<p>{escape(text)}</p>" for text in after]
    style = "font: 16px/1.5 sans-serif; max-width: 36em"
    return Words(subject, plain, f'<!doctype html><html><body style="{style}">{"".join(lines)}</body></html>')
