"""The sheet on which a contact is written down from anywhere, with its next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.activities.actions.interactions import PROMISED
from krug.activities.actions.obligations import Promise
from krug.activities.actions.tasks import NextStep
from krug.activities.entities.activities import INTERACTION
from krug.activities.models import Obligation
from krug.kernel.dates import zone_called
from krug.kernel.doors import create_record, get_visible
from krug.kernel.errors import Fault, Invalid, No, Refusal
from krug.kernel.fields import FieldFault, ReferenceField
from krug.kernel.links import RecordLink, record_number
from krug.kernel.plain_dates import read_plain_date
from krug.kernel.registry import get_entity
from krug.kernel.screens.answers import local
from krug.kernel.screens.controls import control, raw_of, reading_of, typed_of
from krug.kernel.screens.door import asker
from krug.kernel.screens.drafts import draft_at, forget_draft
from krug.kernel.ui.names import called
from krug.kernel.ui.pages import done, render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import demand, may
from krug.language.plain_dates import PlainDate
from krug.parties.models import Contact

LONGEST_LINE = 300
OWN = ("next_step", *PROMISED.values(), "about", "in_place")
FIELDS = INTERACTION.declared
TYPED = ("party", "kind", "state", "at", "minutes", "text", "outcome", "reason", "curator")


@dataclass
class Sheet:
    """What is on the sheet: the typed text, the people chosen, and what is wrong with it."""

    given: dict[str, str]
    contacts: list[Any] = field(default_factory=list)
    colleagues: list[Any] = field(default_factory=list)
    party: Any = None
    about: Any = None
    errors: dict[str, str] = field(default_factory=dict)


def log_sheet(request: HttpRequest) -> HttpResponse:
    """Show the sheet, or write the contact down and lead back to where one was."""
    if request.method == "POST":
        return _write(request)
    data = request.GET.copy()
    kept = draft_at(asker(request), place_of(_sheet_from(request, data, prefill=False)))
    for name, words in (kept.data if kept else {}).items():
        data.setdefault(name, words)
    return _show(request, _sheet_from(request, data, prefill=True), kept=kept)


def place_of(sheet: Sheet) -> str:
    """Where the unfinished text of this sheet is kept: one draft a customer, and one for no customer yet."""
    return f"log-{sheet.party.pk if sheet.party else 'anywhere'}"


def read_step(text: str, user: Any) -> PlainDate | None:
    """The day in a line such as «Позвонить завтра 10», in the user's own time."""
    return read_plain_date(text, now=timezone.now().astimezone(zone_called(user.timezone)))


def _sheet_from(request: HttpRequest, data: QueryDict, *, prefill: bool) -> Sheet:
    given = {
        **typed_of(data, [FIELDS[name] for name in TYPED]),
        **{name: data.get(name, "") for name in OWN},
    }
    given = {**dict.fromkeys(TYPED, ""), **given}
    sheet = Sheet(given)
    if named := RecordLink.read(given["about"]):
        sheet.about = get_visible(get_entity(named.entity), asker(request), named.id)
        given["party"] = given["party"] or str(getattr(sheet.about, "party_id", "") or "")
    if number := record_number(given["party"]):
        sheet.party = get_entity("party").rows_for(asker(request)).filter(pk=number).first()
    sheet.contacts = _chosen(request, "contact", data.getlist("contacts"))
    sheet.colleagues = _chosen(request, "user", data.getlist("colleagues"))
    if prefill:
        given["kind"] = given["kind"] or "call_out"
        given["state"] = given["state"] or "held"
        given["curator"] = given["curator"] or str(asker(request).pk)
        given["next_step"] = given["next_step"] or _("Call back in a week")
    return sheet


def _chosen(request: HttpRequest, code: str, ids: list[str]) -> list[Any]:
    wanted = list(filter(None, map(record_number, ids[:50])))
    return list(get_entity(code).rows_for(asker(request)).filter(pk__in=wanted)) if wanted else []


def _write(request: HttpRequest) -> HttpResponse:
    sheet = _sheet_from(request, request.POST, prefill=False)
    try:
        values = _values(request, sheet)
        made = create_record(INTERACTION, values, by=asker(request), once=request.POST.get("once"))
    except Invalid as no:
        sheet.errors = {fault.field: str(fault.message) for fault in no.faults}
    except No as no:
        sheet.errors = {no.field or "": str(no)}
    else:
        name = made.party.display_name
        forget_draft(asker(request), place_of(sheet))
        toast(
            request,
            _("Logged with %(party)s.") % {"party": name},
            undo_url=f"/interactions/{made.pk}/withdraw/",
            undo_label=_("Undo"),
        )
        if following := local(request, ""):
            return HttpResponseRedirect(following)
        return done(request, f"/parties/{made.party_id}/")
    return _show(request, sheet, status=422)


def _values(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    reading, values = reading_of(request), {}
    read, unfound = raw_of(sheet.given, [FIELDS[name] for name in TYPED], reading)
    faults = [Fault(name, words, "NO_SUCH_RECORD") for name, words in unfound.items()]
    for name in TYPED:
        if name in unfound:
            continue
        raw = read.get(name, "")
        try:
            if raw or name in ("party", "text"):
                values[name] = FIELDS[name].parse_or_empty(raw, reading)
        except FieldFault as fault:
            faults.append(fault.at(name))
    if not isinstance(values.get("party"), FIELDS["party"].model):  # type: ignore[attr-defined]  # the party of an interaction is a reference
        faults = [fault for fault in faults if fault.field != "party" or "party" in unfound]
        if "party" not in unfound:
            faults.insert(0, Fault("party", _("Choose the customer: type three letters and press Tab."), "REQUIRED"))
    people = ReferenceField(name="contacts", label="", model=Contact)
    values["contacts"] = [people.parse(contact, reading) for contact in sheet.contacts]
    values["colleagues"], values["about"] = sheet.colleagues, sheet.about
    values["next_step"], values["promises"] = None, []
    for name, make in LINES.items():
        try:
            if line := _line(sheet.given[name], asker(request)):
                demand(asker(request), *RIGHTS[name])
                make(values, *line)
        except No as no:
            faults.append(Fault(name, str(no), no.code))
    if faults:
        raise Invalid(faults)
    return values


def _line(text: str, user: Any) -> tuple[str, PlainDate | None] | None:
    """What stands on a line such as «Позвонить завтра 10» beside its day, and the day."""
    if not text.strip():
        return None
    if len(text.strip()) > LONGEST_LINE:
        raise Refusal(_("Say it in at most %(limit)s characters.") % {"limit": LONGEST_LINE}, code="TOO_LONG")
    found = read_step(text, user)
    return (found.text if found else text).strip(" ,."), found


def _step(values: dict[str, Any], name: str, found: PlainDate | None) -> None:
    day, at = (found.date, found.time) if found else (None, None)
    values["next_step"] = NextStep(name=name or _("Next step"), due_on=day, due_time=at)


def _promise(side: str, values: dict[str, Any], name: str, found: PlainDate | None) -> None:
    if not name:
        raise Refusal(_("Say what is promised."), code="REQUIRED")
    values["promises"].append(Promise(side=side, name=name, due_on=found.date if found else None))


RIGHTS = {"next_step": ("interaction", "create"), **dict.fromkeys(PROMISED.values(), ("obligation", "create"))}
LINES: dict[str, Callable[[dict[str, Any], str, PlainDate | None], None]] = {
    "next_step": _step,
    **{name: partial(_promise, side) for side, name in PROMISED.items()},
}


def _show(request: HttpRequest, sheet: Sheet, status: int = 200, kept: Any = None) -> HttpResponse:
    people = []
    if sheet.party is not None:
        people = list(
            get_entity("contact").rows_for(asker(request)).filter(positions__party=sheet.party).distinct()[:20]
        )
    reading = reading_of(request)
    controls = {name: control(FIELDS[name], reading, sheet.given, sheet.errors.get(name, "")).words for name in TYPED}
    context = {
        "sheet": sheet,
        "errors": sheet.errors,
        "controls": controls,
        "kept": kept,
        "following": local(request, ""),
        "in_place": bool(sheet.given.get("in_place") or request.GET.get("party") or request.GET.get("about")),
        "people": [(person.pk, called(person)) for person in people if person not in sheet.contacts],
        "chosen_contacts": [(person.pk, called(person)) for person in sheet.contacts],
        "chosen_colleagues": [(person.pk, called(person)) for person in sheet.colleagues],
        "promises": [
            (name, Obligation.Side(side).label, sheet.given[name], sheet.errors.get(name, ""))
            for side, name in PROMISED.items()
            if may(asker(request), *RIGHTS[name])
        ],
        "is_unfolded": bool({*sheet.errors} - {"party", "text", *LINES, ""} or sheet.contacts or sheet.colleagues),
        "draft_url": f"/drafts/{place_of(sheet)}/",
    }
    return render(request, "activities/log.html", context, status=status)
