"""The ready-made calls of every entity type: list, totals, count, read, write, verbs, history."""

# No postponed annotations here: the signatures below are read when the calls are made.
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router

from krug.access.models import Reach
from krug.kernel import doors, writing
from krug.kernel.api import schemas
from krug.kernel.api.arguments import read_arguments
from krug.kernel.api.documents import answer, only, read_json, wanted_version
from krug.kernel.api.history import changes_of
from krug.kernel.api.idempotency import once
from krug.kernel.api.operations import mount_offered
from krug.kernel.api.records import ALWAYS, expanded, fields_shown, paths_for, record_json
from krug.kernel.entity import Entity, Verb
from krug.kernel.errors import BadRequest, PreconditionFailed, Stale
from krug.kernel.listing.concealing import rows_told
from krug.kernel.listing.query import count_up_to, read_page, rows_matching
from krug.kernel.listing.state import ListState, read_limit, read_state
from krug.kernel.listing.totals import totals
from krug.kernel.screens.as_of import as_asked
from krug.kernel.screens.controls import reading_of
from krug.kernel.screens.door import asker
from krug.kernel.screens.merged import root_asked
from krug.kernel.screens.offers import Call, calls_for
from krug.kernel.screens.verb import asked_by
from krug.kernel.visibility import missing, rights_of

LIST_PARAMETERS = ("filter", "q", "sort", "fields", "expand", "limit", "after", "before", "as_of")
RECORD_PARAMETERS = ("fields", "expand", "own", "as_of")
WRITE_PARAMETERS = ("fields", "expand")
LOOKED_FOR = ("filter", "q", "as_of")
MOST_COUNTED = 5_000_000


def resource(entity: Entity) -> Router:
    """All calls of one type."""
    router = Router(tags=[entity.plural_url])
    _list_calls(router, entity)
    _single_calls(router, entity)
    _writing_calls(router, entity)
    for call in calls_for(entity):
        _offered_call(router, entity, call)
    for verb in entity.verbs:
        _verb_call(router, entity, verb)
    mount_offered(router, entity)
    return router


def _list_calls(router: Router, entity: Entity) -> None:
    @router.get(
        "/",
        operation_id=f"list_{entity.code}",
        openapi_extra={
            "summary": entity.plural,
            **schemas.asked(*LIST_PARAMETERS),
            **schemas.answers(schemas.list_schema(entity)),
        },
    )
    def list_records(request: HttpRequest) -> HttpResponse:
        _must_see(request, entity)
        with as_asked(request, entity):
            return answer(list_page(request, entity))

    @router.get(
        "/totals",
        operation_id=f"total_{entity.code}",
        openapi_extra={
            "summary": gettext_lazy("Totals"),
            **schemas.asked("by", "sum", *LOOKED_FOR, required="by"),
            **schemas.answers(schemas.TOTALS),
        },
    )
    def total_records(request: HttpRequest) -> HttpResponse:
        _must_see(request, entity)
        only(request, (*LIST_PARAMETERS, "by", "sum"))
        by, sum = request.GET.get("by", ""), request.GET.get("sum", "")
        if not by:
            raise BadRequest(_("“%(name)s” is missing or can not be read.") % {"name": "by"}, field="by")
        with as_asked(request, entity):
            found = totals(entity, reading_of(request), by=by, sum=sum, state=_state(entity, request))
        return answer({"results": [total.to_json() for total in found]})

    @router.get(
        "/count",
        operation_id=f"count_{entity.code}",
        openapi_extra={
            "summary": gettext_lazy("Count"),
            **schemas.asked(*LOOKED_FOR),
            **schemas.answers(schemas.COUNT),
        },
    )
    def count_records(request: HttpRequest) -> HttpResponse:
        _must_see(request, entity)
        only(request, LIST_PARAMETERS)
        with as_asked(request, entity):
            found = count_up_to(rows_matching(entity, _state(entity, request), reading_of(request)), MOST_COUNTED)
        return answer({"count": found.count, "exact": found.is_exact})


def _single_calls(router: Router, entity: Entity) -> None:
    shown = schemas.answers(schemas.output_schema(entity), tagged=True)
    shown["responses"]["301"] = {"description": "The record became part of the one at Location"}

    @router.get(
        "/{int:pk}/",
        operation_id=f"get_{entity.code}",
        openapi_extra={"summary": entity.label, **schemas.asked(*RECORD_PARAMETERS), **shown},
    )
    def get_record(request: HttpRequest, pk: int) -> HttpResponse:
        _must_see(request, entity)
        only(request, RECORD_PARAMETERS)
        with as_asked(request, entity):
            root = root_asked(request, entity, pk)
            return answer_record(request, entity, pk) if root == pk else _led_to(request, pk, root)

    @router.get(
        "/{int:pk}/history/",
        operation_id=f"history_{entity.code}",
        openapi_extra={"summary": gettext_lazy("History"), **schemas.answers(schemas.HISTORY)},
    )
    def get_history(request: HttpRequest, pk: int) -> HttpResponse:
        _must_see(request, entity)
        only(request, ())
        record = doors.get_visible(entity, asker(request), pk)
        return answer({"results": changes_of(entity, record)})


def _writing_calls(router: Router, entity: Entity) -> None:
    making, changing = schemas.input_schema(entity, whole=True), schemas.input_schema(entity, whole=False)

    @router.post(
        "/",
        operation_id=f"create_{entity.code}",
        openapi_extra=_written(
            entity, gettext_lazy("Create"), making, status=201, parameters=[schemas.ONCE_KEY], refusals=schemas.WRITING
        ),
    )
    @once
    def create_record(request: HttpRequest) -> HttpResponse:
        values = writing.read_values(entity, _sent(request), reading_of(request), whole=True)
        made = doors.create_record(entity, values, by=asker(request))
        return answer_record(request, entity, made.pk, status=201)

    @router.patch(
        "/{int:pk}/",
        operation_id=f"change_{entity.code}",
        openapi_extra=_written(entity, gettext_lazy("Change"), changing, parameters=schemas.CAREFUL),
    )
    @once
    def change_record(request: HttpRequest, pk: int) -> HttpResponse:
        doors.get_visible(entity, asker(request), pk)
        values = writing.read_values(entity, _sent(request), reading_of(request), whole=False)
        with _matching(request):
            doors.change_record(entity, pk, values, by=asker(request), version=wanted_version(request))
        return answer_record(request, entity, pk)

    @router.delete(
        "/{int:pk}/",
        operation_id=f"archive_{entity.code}",
        openapi_extra=_written(entity, gettext_lazy("Put into the archive"), None, parameters=schemas.CAREFUL),
    )
    @once
    def archive_record(request: HttpRequest, pk: int) -> HttpResponse:
        only(request, WRITE_PARAMETERS)
        with _matching(request):
            doors.archive_record(entity, pk, by=asker(request), version=wanted_version(request))
        return answer_record(request, entity, pk)


def _verb_call(router: Router, entity: Entity, verb: Verb) -> None:
    @router.post(
        f"/{{int:pk}}/{verb.name}/",
        operation_id=f"{verb.name}_{entity.code}",
        openapi_extra=_written(entity, verb.label, schemas.verb_schema(entity, verb), parameters=schemas.CAREFUL),
    )
    @once
    def do_verb(request: HttpRequest, pk: int) -> HttpResponse:
        doors.get_visible(entity, asker(request), pk)
        arguments = read_arguments(asked_by(entity, verb), _sent(request), reading_of(request))
        with _matching(request):
            doors.perform(entity, verb.name, pk, by=asker(request), version=wanted_version(request), **arguments)
        return answer_record(request, entity, pk)


def _offered_call(router: Router, entity: Entity, call: Call) -> None:
    @router.post(
        f"/{{int:pk}}/{call.word}/",
        operation_id=f"{call.word}_{entity.code}",
        openapi_extra=_written(entity, call.summary, dict(call.body), parameters=[schemas.ONCE_KEY]),
    )
    @once
    def do_call(request: HttpRequest, pk: int) -> HttpResponse:
        call.act(entity, pk, _sent(request), by=asker(request))
        return answer_record(request, entity, pk)


def _sent(request: HttpRequest) -> dict[str, Any]:
    only(request, WRITE_PARAMETERS)
    return read_json(request)


def _written(
    entity: Entity,
    summary: Any,
    body: dict[str, Any] | None,
    *,
    status: int = 200,
    parameters: Sequence[dict[str, Any]] = (),
    refusals: tuple[int, ...] = schemas.CHANGING,
) -> dict[str, Any]:
    """How a call that writes is published: what it takes, and the record that it answers with."""
    said = {"summary": summary, **schemas.asked(*WRITE_PARAMETERS)}
    said["parameters"] += parameters
    said |= schemas.answers(schemas.output_schema(entity), status=status, refusals=refusals, tagged=True)
    return {**said, **schemas.body(body)} if body is not None else said


def _led_to(request: HttpRequest, pk: int, root: int) -> HttpResponse:
    """A record that became part of another is answered with the address of that one."""
    query = request.META.get("QUERY_STRING", "")
    to = request.path.replace(f"/{pk}/", f"/{root}/") + (f"?{query}" if query else "")
    return HttpResponse(status=301, headers={"Location": to, "Cache-Control": "no-store"})


def _must_see(request: HttpRequest, entity: Entity) -> None:
    if rights_of(asker(request)).reach(entity.code) == Reach.NONE:
        raise missing(asker(request), entity.code)


def list_page(request: HttpRequest, entity: Entity) -> dict[str, Any]:
    """One page of a list, with the address of the next."""
    only(request, LIST_PARAMETERS)
    reading = reading_of(request)
    state = _state(entity, request)
    fields = fields_shown(entity, request.GET.get("fields", ""))
    page = read_page(entity, state, reading, paths_for(fields), names=tuple(field.name for field in fields))
    rows = [record_json(entity, row, fields, reading.language) for row in page.rows]
    expanded(entity, rows, request.GET.get("expand", ""), reading)
    following = request.GET.copy()
    following["after"] = page.next
    following.pop("before", None)
    return {
        "results": rows,
        "next": request.build_absolute_uri(f"{request.path}?{following.urlencode()}") if page.next else None,
    }


def answer_record(request: HttpRequest, entity: Entity, pk: int, *, status: int = 200) -> HttpResponse:
    """One record with its version as ETag; one that has left the caller's sight answers with its number alone."""
    reading = reading_of(request)
    fields = fields_shown(entity, request.GET.get("fields", ""))
    found = rows_told(entity.rows_for(reading.user).filter(pk=pk), entity, fields, reading.user, also=ALWAYS, most=1)
    row = found[0] if found else None
    if row is None:
        if request.method == "GET":
            doors.get_visible(entity, reading.user, pk)
        return answer({"id": pk}, status=status)
    rows = [record_json(entity, row, fields, reading.language)]
    expanded(entity, rows, request.GET.get("expand", ""), reading)
    return answer(rows[0], status=status, version=row["version"])


def _state(entity: Entity, request: HttpRequest) -> ListState:
    params = {name: request.GET[name] for name in ("filter", "q", "sort", "after", "before") if name in request.GET}
    state = read_state(entity, params)
    return state.changed(limit=read_limit(request.GET.get("limit", "")), after=state.after, before=state.before)


class _matching:
    """If-Match that no longer matches is answered with 412."""

    def __init__(self, request: HttpRequest) -> None:
        self.asked = bool(request.headers.get("If-Match"))

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self.asked and isinstance(error, Stale):
            raise PreconditionFailed(_("The record has changed since you read it.")) from error
