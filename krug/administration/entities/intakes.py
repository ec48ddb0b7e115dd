"""How people of ours are taken in from files; nobody signs in by it before an invitation."""

import re

from krug.access.models import User
from krug.administration.actions.people import create_person
from krug.exchange.importing.intake import Intake, take_in

NOWHERE = "import.invalid"


def person_called(text: str, *, by: User) -> User:
    """A colleague of whom a file tells only the e-mail, or only the name."""
    plain = ".".join(re.findall(r"[^\W_]+", text.lower()))
    email = text if "@" in text else f"{plain}@{NOWHERE}"
    words = re.findall(r"[^\W\d_]+", text.partition("@")[0] if "@" in text else text)
    given, surname = (words[0].capitalize(), " ".join(words[1:]).capitalize()) if len(words) > 1 else ("", "")
    return create_person(email=email, given_name=given, surname=surname or text[:60], source="import", by=by)


USER = Intake(
    entity="user",
    words={
        "surname": "last name|фамилия",
        "given_name": "first name|имя",
        "patronymic": "отчество",
        "email": "e mail|email|почта",
        "position": "title|job title|должность",
    },
    from_text=person_called,
)
take_in(USER)
