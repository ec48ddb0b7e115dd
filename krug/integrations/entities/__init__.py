"""What integrations put on the lists of the house: the presets of foreign files."""

from krug.integrations.maven_crm.preset import MAVEN_CRM
from krug.kernel.exchange.presets import register_preset

register_preset(MAVEN_CRM)
