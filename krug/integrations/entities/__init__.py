"""What integrations put on the lists of the house: webhooks, and the presets and plans of foreign files."""

from krug.exchange.importing.plans import ship_plan
from krug.exchange.importing.presets import register_preset
from krug.integrations.address_books.plan import ADDRESS_BOOKS
from krug.integrations.entities.webhooks import WEBHOOK, WEBHOOK_DELIVERY
from krug.integrations.hubspot.plan import HUBSPOT
from krug.integrations.maven_crm.preset import MAVEN_CRM
from krug.integrations.northwind.plan import NORTHWIND
from krug.integrations.xeducation.plan import XEDUCATION
from krug.kernel.registry import register

register(WEBHOOK, WEBHOOK_DELIVERY)
register_preset(MAVEN_CRM)
for plan in (HUBSPOT, NORTHWIND, XEDUCATION, *ADDRESS_BOOKS):
    ship_plan(plan)
