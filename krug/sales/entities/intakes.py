"""How deals are taken in from files: with their stage and true dates, as the other program kept them."""

from django.utils.translation import gettext_lazy as _

from krug.exchange.importing.intake import Intake, Part, take_in
from krug.kernel.fields import DateField, ReferenceField, TextField
from krug.sales.actions.arrivals import take_deals
from krug.sales.models import LossReason

DEAL = Intake(
    entity="deal",
    extra=(
        TextField(name="stage", label=_("stage"), max_length=120),
        DateField(name="opened_on", label=_("opened on")),
        DateField(name="closed_on", label=_("closed on")),
        ReferenceField(name="loss_reason", label=_("reason of loss"), model=LossReason),
    ),
    parts=(Part("person", _("Person in the deal"), "deal-contact", "deal", ("contact",), same="contact"),),
    words={
        "name": "deal|deal name|opportunity|opportunity name|сделка|название сделки|тема",
        "party": "company|account|customer|associated company domain|компания|клиент|контрагент|заказчик",
        "stage": "deal stage|stage|status|этап|стадия|статус",
        "amount": "amount|value|sum|сумма|бюджет|сумма сделки",
        "owner": "owner|deal owner|sales agent|manager|ответственный|менеджер",
        "expected_on": "expected close date|плановая дата|ожидаемая дата закрытия",
        "closed_on": "close date|closed|дата закрытия",
        "opened_on": "create date|created|дата создания|дата начала",
        "loss_reason": "closed lost reason|loss reason|причина отказа|причина проигрыша",
        "source_key": "id|deal id|opportunity id|номер сделки|код",
        "person.contact": "contact|associated contact email|контакт|контактное лицо",
        "pipeline": "pipeline|воронка",
    },
    create_many=take_deals,
)
take_in(DEAL)
