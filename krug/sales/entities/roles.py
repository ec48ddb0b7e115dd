"""What the shipped roles may do with deals."""

from krug.access.models import Reach
from krug.administration.actions.shipped_roles import WORK, WRITE, ByRole, Granted, seen_by_employees

SELL = (*WRITE, "export", "move", "win", "lose", "suspend", "resume", "result", "plan", "paper", "handover")
LEAD = (*SELL, "reopen", "archive", "correct", "override", "import")
PARTS = ("deal-contact", "stage-visit")


def deals(reach: Reach, verbs: tuple[str, ...] = ()) -> dict[str, Granted]:
    """Deals with their lines, persons, works and results."""
    is_worked = "change" in verbs
    return {
        "deal": (reach, verbs),
        "deal-line": (reach, (*WORK, "remove") if is_worked else ()),
        **dict.fromkeys(PARTS, (reach, WORK if is_worked else ())),
        "work": (reach, (*WRITE, "start", "finish", "continue", "cancel") if is_worked else ()),
        "stage-result": (reach, WRITE if is_worked else ()),
    }


SEEN = seen_by_employees("pipeline", "pipeline-version", "stage", "loss-reason", "competitor")
DEALS: ByRole = {
    "head": deals(Reach.TEAM, LEAD),
    "seller": deals(Reach.OWN, SELL),
    "marketer": deals(Reach.ALL),
    "secretary": deals(Reach.ALL),
}
