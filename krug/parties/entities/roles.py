"""What the shipped roles may do with customers; whoever may write a customer may write its parts."""

from krug.access.models import Reach
from krug.administration.actions.shipped_roles import WORK, WRITE, ByRole, Granted, seen_by_employees

KNOW = (*WRITE, "add-person", "add-role", "verify")
PERSONAL = "personal"
PARTS = ("requisites", "bank-account", "address", "contact-point", "party-role", "party-relation")


def parties(reach: Reach, verbs: tuple[str, ...] = ()) -> dict[str, Granted]:
    """Customers, contact persons and what belongs to them."""
    parts = WORK if "change" in verbs else ()
    return {
        "party": (reach, verbs),
        "contact": (reach, (*(verb for verb in verbs if verb in (*WORK, "export", "import")), PERSONAL)),
        "contact-position": (reach, (*parts, "leave") if parts else ()),
        "consent": (reach, (*parts, "withdraw") if parts else ()),
        **dict.fromkeys(PARTS, (reach, parts)),
        "contact-point": (reach, (*parts, PERSONAL)),
    }


SEEN = seen_by_employees("industry", "contact-source", "bank", "tax-rate", "territory", "territory-holder")
PARTIES: ByRole = {
    "head": parties(Reach.TEAM, (*KNOW, "archive", "assign", "liquidate", "export", "import")),
    "seller": parties(Reach.TEAM, (*KNOW, "export")),
    "marketer": parties(Reach.ALL, (*KNOW, "export", "import")),
    "operator": parties(Reach.ALL, KNOW),
    "engineer": parties(Reach.ALL),
    "secretary": parties(Reach.ALL, (*KNOW, "archive")),
}
