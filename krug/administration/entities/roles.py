"""What the shipped roles may do among people."""

from krug.administration.actions.shipped_roles import EMPLOYEES, OWN_TOKENS, seen_by_employees

SEEN = seen_by_employees("user", "team", "attribute", "attribute-value")
TOKENS = {role: {"token": OWN_TOKENS} for role in EMPLOYEES}
