"""What follows from changes among people, roles and keys: a line in the audit record."""

from __future__ import annotations

from krug.administration.actions.attribute_values import rewrite_records
from krug.administration.events import (
    AttributeValueMerged,
    CompanyDescribed,
    DirectoryDescribed,
    EmailChanged,
    GrantsChanged,
    IdentityJoined,
    IdentityParted,
    MailServerDescribed,
    PasswordChanged,
    PersonActivated,
    PersonAdded,
    PersonDeactivated,
    PersonInvited,
    ProviderDescribed,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    RoleGiven,
    RoleWithdrawn,
    SecondStepAdded,
    SecondStepDemanded,
    SecondStepRemoved,
    SecondStepReset,
    SessionsEnded,
    TokenIssued,
    TokenRevoked,
)
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.recording import later, on


@on(PersonAdded)
def person_added(event: PersonAdded) -> None:
    """A new account is written into the audit record."""
    audit("user.added", actor=event.by, object=f"user:{event.person.pk}")


@on(PersonInvited)
def person_invited(event: PersonInvited) -> None:
    """A link that sets a password is written into the audit record."""
    audit("user.invited", actor=event.by, object=f"user:{event.person.pk}")


@on(PersonDeactivated)
def person_deactivated(event: PersonDeactivated) -> None:
    """A closed account is written into the audit record."""
    audit("user.deactivated", actor=event.by, object=f"user:{event.person.pk}")


@on(PersonActivated)
def person_activated(event: PersonActivated) -> None:
    """A reopened account is written into the audit record."""
    audit("user.activated", actor=event.by, object=f"user:{event.person.pk}")


@on(SessionsEnded)
def sessions_ended(event: SessionsEnded) -> None:
    """A forced sign-out is written into the audit record."""
    audit("user.signed-out", actor=event.by, object=f"user:{event.person.pk}")


@on(PasswordChanged)
def password_changed(event: PasswordChanged) -> None:
    """The fact, never the words, is written into the audit record."""
    audit("user.pass-changed", actor=event.by, object=f"user:{event.person.pk}")


@on(EmailChanged)
def email_changed(event: EmailChanged) -> None:
    """A new sign-in address is written into the audit record."""
    audit("user.email-changed", actor=event.by, object=f"user:{event.person.pk}")


@on(RoleGiven)
def role_given(event: RoleGiven) -> None:
    """New rights of a person are written into the audit record."""
    audit("role.given", actor=event.by, object=f"user:{event.person.pk}", data={"role": event.role.code})


@on(RoleWithdrawn)
def role_withdrawn(event: RoleWithdrawn) -> None:
    """Lost rights of a person are written into the audit record."""
    audit("role.withdrawn", actor=event.by, object=f"user:{event.person.pk}", data={"role": event.role.code})


@on(GrantsChanged)
def grants_changed(event: GrantsChanged) -> None:
    """What a role may now is written into the audit record."""
    audit("role.changed", actor=event.by, object=f"role:{event.role.pk}", data={"changed": sorted(event.after)})


@on(TokenIssued)
def token_issued(event: TokenIssued) -> None:
    """A new key, by its first letters, is written into the audit record."""
    audit(
        "key.issued",
        actor=event.by,
        object=f"user:{event.person.pk}",
        data={"prefix": event.prefix, "scopes": event.scopes},
    )


@on(TokenRevoked)
def token_revoked(event: TokenRevoked) -> None:
    """A key made useless is written into the audit record."""
    audit("key.revoked", actor=event.by, object=f"user:{event.person.pk}", data={"prefix": event.prefix})


@on(SecondStepAdded)
def second_step_added(event: SecondStepAdded) -> None:
    """A new way of showing the second step is written into the audit record."""
    audit("step.added", actor=event.by, object=f"user:{event.person.pk}", data={"what": event.what})


@on(SecondStepRemoved)
def second_step_removed(event: SecondStepRemoved) -> None:
    """A way of showing the second step that is gone is written into the audit record."""
    audit("step.removed", actor=event.by, object=f"user:{event.person.pk}", data={"what": event.what})


@on(RecoveryCodesMade)
def recovery_codes_made(event: RecoveryCodesMade) -> None:
    """That there are new codes, never the codes, is written into the audit record."""
    audit("step.codes-made", actor=event.by, object=f"user:{event.person.pk}")


@on(RecoveryCodeUsed)
def recovery_code_used(event: RecoveryCodeUsed) -> None:
    """A code for an emergency that opened the door is written into the audit record."""
    audit("step.code-used", actor=event.by, object=f"user:{event.person.pk}", data={"left": event.left})


@on(SecondStepReset)
def second_step_reset(event: SecondStepReset) -> None:
    """That somebody's second step was taken away is written into the audit record."""
    audit("step.reset", actor=event.by, object=f"user:{event.person.pk}")


@on(SecondStepDemanded)
def second_step_demanded(event: SecondStepDemanded) -> None:
    """Whether a role needs the second step is written into the audit record."""
    audit("step.demanded", actor=event.by, object=f"role:{event.role.pk}", data={"since": event.since})


@on(CompanyDescribed)
def company_described(event: CompanyDescribed) -> None:
    """A changed setting is written into the audit record."""
    audit("company.described", actor=event.by, object="company:1", data={"fields": event.fields})


@on(MailServerDescribed)
def mail_server_described(event: MailServerDescribed) -> None:
    """A changed mail server, never its password, is written into the audit record."""
    audit("mail.described", actor=event.by, data={"fields": event.fields})


@on(ProviderDescribed)
def provider_described(event: ProviderDescribed) -> None:
    """A changed service of single sign-on, never its secret, is written into the audit record."""
    audit("sign-on.described", actor=event.by, object=f"provider:{event.provider.pk}", data={"fields": event.fields})


@on(IdentityJoined)
def identity_joined(event: IdentityJoined) -> None:
    """A connected account is written into the audit record."""
    audit("sign-on.joined", actor=event.by, object=f"user:{event.person.pk}", data={"issuer": event.issuer})


@on(IdentityParted)
def identity_parted(event: IdentityParted) -> None:
    """A disconnected account is written into the audit record."""
    audit("sign-on.parted", actor=event.by, object=f"user:{event.person.pk}", data={"issuer": event.issuer})


@on(DirectoryDescribed)
def directory_described(event: DirectoryDescribed) -> None:
    """A changed directory, never its password, is written into the audit record."""
    audit("directory.described", actor=event.by, data={"fields": event.fields})


@on(AttributeValueMerged)
def attribute_value_merged(event: AttributeValueMerged) -> None:
    """Pages and filters take the merged value for the other at once; the records are rewritten after."""
    if event.count:
        later(rewrite_merged, event)


def rewrite_merged(event: AttributeValueMerged) -> None:
    """Each record that held the merged value holds the one that stays, as one act of whoever merged them."""
    rewrite_records(event.value, by=event.by)
