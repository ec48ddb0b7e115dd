"""What an installation says of itself."""

from krug.administration.models.company import Company
from krug.administration.models.directory import Directory, GroupRole
from krug.administration.models.first_steps import FirstSteps
from krug.administration.models.mail import Letter, MailServer
from krug.administration.models.outgoing import OpenedHost
from krug.administration.models.sign_on import Identity, Provider
from krug.administration.models.worked import AttributeDue, AttributeWork

__all__ = [
    "AttributeDue",
    "AttributeWork",
    "Company",
    "Directory",
    "FirstSteps",
    "GroupRole",
    "Identity",
    "Letter",
    "MailServer",
    "OpenedHost",
    "Provider",
]
