"""How contacts with customers are taken in from files: by the customer, or by the person who was spoken with."""

from django.utils.translation import gettext_lazy as _

from krug.activities.actions.arrivals import take_interactions
from krug.exchange.importing.intake import Intake, take_in
from krug.kernel.fields import ReferenceField
from krug.parties.models import Contact

INTERACTION = Intake(
    entity="interaction",
    extra=(ReferenceField(name="contact", label=_("person spoken with"), model=Contact),),
    words={
        "kind": "activity type|type|тип|вид",
        "at": "activity date|date|дата|время",
        "text": "notes|notes description|subject|описание|текст|что обсудили",
        "outcome": "outcome|call outcome|meeting outcome|результат|итог",
        "curator": "activity owner|owner|manager|ответственный|менеджер|куратор",
        "contact": "associated contact email|contact|контакт|контактное лицо",
        "party": "company|customer|account|компания|клиент|контрагент",
    },
    found_out=("party", "curator"),
    create_many=take_interactions,
)
take_in(INTERACTION)
