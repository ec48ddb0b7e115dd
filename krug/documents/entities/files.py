"""How a document presents itself."""

from django.utils.translation import gettext_lazy as _

from krug.documents import policies
from krug.documents.actions.files import send_document, sign_document, write_document
from krug.documents.models import Document
from krug.kernel.entity import Entity, Section, Verb
from krug.kernel.fields import DateField

ON = DateField(name="on", label=_("day"), hint=_("Today when left empty."))
DOCUMENT = Entity(
    code="document",
    model=Document,
    label=_("Document"),
    new=_("New document"),
    plural=_("Documents"),
    icon="file",
    visible=policies.documents,
    columns=("title", "kind", "number", "date", "party", "signed_on"),
    filters=("kind", "number", "date", "party", "sent_on", "signed_on"),
    sorts=("date", "signed_on"),
    search={"title": "B", "number": "B", "party__display_name": "C"},
    quick=("kind", "title", "number", "date", "party"),
    form=(
        Section(_("Document"), "kind", "title", "number", "date", "party"),
        Section(_("File"), "path"),
    ),
    protected=("sent_on", "signed_on"),
    hidden=("custom",),
    title="title",
    owner="created_by",
    create=write_document,
    verbs=(
        Verb(sign_document, _("Mark as signed"), icon="check-circle", when="is_unsigned", primary=True, asks=(ON,)),
        Verb(send_document, _("Mark as sent"), icon="mail", when="is_unsent", asks=(ON,)),
    ),
    stands_with=("party",),
)
