"""What a phone photographs to learn the secret of its codes."""

from __future__ import annotations

import pyotp
import segno
from markupsafe import Markup

from krug.access.models import User
from krug.administration.actions.company import the_company


def connecting(person: User, secret: str) -> dict[str, object]:
    """The secret as a picture and as groups of letters to type."""
    company = the_company()
    issuer = f"Krug ({company.name})" if company else "Krug"
    uri = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=issuer.replace(":", " "))
    picture = segno.make(uri, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"picture": Markup(picture), "secret": groups, "uri": uri}  # drawn by segno from our own text
