"""What the shipped roles may do with contacts, tasks, obligations and calls."""

from krug.access.models import Reach
from krug.administration.actions.shipped_roles import WRITE

REACHES = {
    "head": Reach.TEAM,
    "seller": Reach.OWN,
    "marketer": Reach.OWN,
    "operator": Reach.OWN,
    "engineer": Reach.OWN,
    "secretary": Reach.ALL,
}
CONTACTS = {role: {"interaction": (reach, (*WRITE, "withdraw"))} for role, reach in REACHES.items()}
TASKS = {
    role: {"task": (reach, (*WRITE, "complete", "postpone", "cancel", "reopen"))} for role, reach in REACHES.items()
}
OBLIGATIONS = {
    role: {"obligation": (reach, (*WRITE, "keep", "break", "postpone", "cancel", "reopen"))}
    for role, reach in REACHES.items()
}
CALLS = {
    role: {"call": (Reach.ALL if role == "operator" else reach, (*WRITE, "settle", "attach", "personal"))}
    for role, reach in REACHES.items()
}
LINES = {role: {"phone-line": (Reach.ALL, ()), "phone-extension": (Reach.ALL, ())} for role in REACHES}
