"""The entity types of administration."""

from django.utils.translation import gettext_lazy as _

from krug.administration import worked_out  # noqa: F401  # serves formulas and summaries
from krug.administration.actions.shipped_roles import ship
from krug.administration.entities import intakes, pages  # noqa: F401  # puts the intakes and the settings on their lists
from krug.administration.entities.attributes import ATTRIBUTE, ATTRIBUTE_VALUE
from krug.administration.entities.outgoing import OPENED_HOST
from krug.administration.entities.people import ROLE, TEAM, USER
from krug.administration.entities.roles import SEEN, TOKENS
from krug.kernel.registry import grantable, register

register(USER, TEAM, ROLE, ATTRIBUTE, ATTRIBUTE_VALUE, OPENED_HOST)
ship(SEEN, TOKENS)
grantable(USER, "invite", _("give a link to sign in"))
grantable(USER, "look-as", _("see with the eyes of others"))

__all__ = ["ATTRIBUTE", "ATTRIBUTE_VALUE", "OPENED_HOST", "ROLE", "TEAM", "USER"]
