"""The few ways in which the house says no; doors turn them into pages and problem documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NOT_ASKED = ("UNKNOWN_FIELD", "PROTECTED_FIELD")


class No(Exception):
    """Anything the house refuses on purpose; everything else that is raised is a bug."""

    status = 422
    default_code = "REFUSED"

    def __init__(self, message: Any = "", *, field: str | None = None, code: str = "", hint: Any = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code or self.default_code
        self.hint = hint

    def __str__(self) -> str:
        return str(self.message)


class Refusal(No):
    """A rule of the business says no, and says what to do."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one field of what somebody sent."""

    field: str
    message: Any
    code: str = "MALFORMED"
    hint: Any = ""


@dataclass
class Faults:
    """What is wrong with a whole form, gathered so that all of it is shown at once."""

    items: list[Fault] = field(default_factory=list)

    def add(self, field_name: str, message: Any, *, code: str = "MALFORMED", hint: Any = "") -> None:
        self.items.append(Fault(field_name, message, code, hint))

    def stop_if_any(self) -> None:
        """Refuse the whole when anything was found wrong."""
        if self.items:
            raise Unasked(self.items) if any(fault.code in NOT_ASKED for fault in self.items) else Invalid(self.items)


class Invalid(No):
    """Fields of one submission are wrong; a single fault lends the whole its code."""

    default_code = "INVALID"

    def __init__(self, faults: list[Fault]) -> None:
        words, only = " ".join(str(fault.message) for fault in faults), faults[0] if len(faults) == 1 else None
        super().__init__(words, field=faults[0].field if faults else None, code=only.code if only else "")
        self.faults = faults


class Unasked(Invalid):
    """Something was sent that nobody asked for, or that only an act may set: it is refused, never left out."""

    status = 400


class NotSignedIn(No):
    """Nobody is signed in, or the session has ended; what was typed waits for the same person to return."""

    status = 401
    default_code = "NOT_SIGNED_IN"


class NotAllowed(No):
    """The user sees the record but has no right to this act."""

    status = 403
    default_code = "NOT_ALLOWED"


class NotFound(No):
    """There is no such record for this user, whether or not it exists for others."""

    status = 404
    default_code = "NOT_FOUND"


class LinkOver(NotFound):
    """A link for one use was used, has grown old or never existed; nobody learns which."""

    default_code = "BAD_LINK"


class Stale(No):
    """Somebody else saved first; both values are kept for the user to choose."""

    status = 409
    default_code = "STALE"

    def __init__(self, message: Any, *, record: Any = None, theirs: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.record = record
        self.theirs = theirs or {}


class PreconditionFailed(No):
    """The record is no longer at the version that the caller named."""

    status = 412
    default_code = "PRECONDITION_FAILED"


class Repeated(No):
    """The same key came again with another request, or while the first is still running."""

    status = 409
    default_code = "REPEATED"


class BadRequest(No):
    """A parameter is not on the list of what may be asked."""

    status = 400
    default_code = "BAD_REQUEST"


class WrongMethod(No):
    """The address exists, but not for this method."""

    status = 405
    default_code = "WRONG_METHOD"


class TooMany(No):
    """Too much was tried in too short a time; `retry_after` says in how many seconds to come back."""

    status = 429
    default_code = "TOO_MANY"

    def __init__(self, message: Any, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(TooMany):
    """The house has more work than it can do at this moment."""

    status = 503
    default_code = "BUSY"
