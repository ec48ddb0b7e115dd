"""What follows from what happens with parties and their people."""

from krug.kernel.journal.recording import on
from krug.parties.events import (
    BankAccountAdded,
    BankDirectoryLoaded,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
    ContactRegistered,
    OwnerChanged,
    PartyLiquidated,
    PartyRegistered,
    PartyRoleGiven,
    PartyVerified,
    PositionLeft,
    PositionTaken,
    RequisitesAdded,
    VerificationOutdated,
)


@on(PartyRegistered)
def party_registered(event: PartyRegistered) -> None:
    """The line in the timeline is enough."""


@on(OwnerChanged)
def owner_changed(event: OwnerChanged) -> None:
    """The new owner sees the party in the own lists at once."""


@on(PartyVerified)
def party_verified(event: PartyVerified) -> None:
    """Documents for signature may be issued from now on; the line in the timeline is enough."""


@on(VerificationOutdated)
def verification_outdated(event: VerificationOutdated) -> None:
    """The state of the party asks its owner for a new verification."""


@on(PartyLiquidated)
def party_liquidated(event: PartyLiquidated) -> None:
    """The line in the timeline is enough; open work is decided by people."""


@on(PartyRoleGiven)
def role_given(event: PartyRoleGiven) -> None:
    """The line in the timeline is enough."""


@on(RequisitesAdded)
def requisites_added(event: RequisitesAdded) -> None:
    """Papers take the version of their own date; the line in the timeline is enough."""


@on(BankAccountAdded)
def bank_account_added(event: BankAccountAdded) -> None:
    """The line in the timeline is enough."""


@on(ContactRegistered)
def contact_registered(event: ContactRegistered) -> None:
    """The line in the timeline is enough."""


@on(PositionTaken)
def position_taken(event: PositionTaken) -> None:
    """The line in the histories of the person and of the party is enough."""


@on(PositionLeft)
def position_left(event: PositionLeft) -> None:
    """The line in the histories of the person and of the party is enough."""


@on(BankDirectoryLoaded)
def bank_directory_loaded(event: BankDirectoryLoaded) -> None:
    """The dossiers mark the accounts in closed banks by themselves."""


@on(ConsentGiven)
def consent_given(event: ConsentGiven) -> None:
    """The line in the history of whoever gave it is enough."""


@on(ConsentRefused)
def consent_refused(event: ConsentRefused) -> None:
    """The means of contact are closed by the action itself; the line in the timeline tells why."""


@on(ConsentWithdrawn)
def consent_withdrawn(event: ConsentWithdrawn) -> None:
    """Whoever asks for consents in force does not find it any more; the line in the timeline is enough."""
