"""What the shipped roles may do with documents."""

from krug.access.models import Reach
from krug.administration.actions.shipped_roles import EMPLOYEES, WRITE, ByRole

DOCUMENTS: ByRole = {
    "head": {"document": (Reach.TEAM, (*WRITE, "sign", "send"))},
    "seller": {"document": (Reach.OWN, (*WRITE, "sign", "send"))},
    "marketer": {"document": (Reach.ALL, ())},
    "secretary": {"document": (Reach.ALL, ())},
}
FILES: ByRole = {role: {"file": (Reach.OWN, WRITE)} for role in EMPLOYEES}
