"""What an installation says of itself."""

from krug.administration.models.company import Company
from krug.administration.models.mail import Letter, MailServer

__all__ = ["Company", "Letter", "MailServer"]
