"""Taking an act back by the API: the acts are those that `/history/` and `/changes` name."""

# No postponed annotations here: the signatures below are read when the calls are made.
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI

from krug.kernel.api import schemas
from krug.kernel.api.documents import answer
from krug.kernel.api.idempotency import once
from krug.kernel.errors import Refusal
from krug.kernel.journal.large import take_whole_back, wholes_behind
from krug.kernel.journal.runs import undo_one
from krug.kernel.journal.undo import Clash
from krug.kernel.registry import entity_of
from krug.kernel.screens.door import asker

UNDONE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "act": {"type": "string", "format": "uuid"},
        "rows": {"type": "integer"},
        "left": {"type": "integer"},
        "changed_since": {"type": "array", "items": {"type": "object"}},
        "whole": {
            "type": "string",
            "description": gettext_lazy("A job undoes the whole import or run: here is how far it has come."),
        },
    },
    "required": ["act", "rows", "left", "changed_since"],
}

PUBLISHED: dict[str, Any] = {
    "summary": gettext_lazy("Undo"),
    "parameters": [schemas.ONCE_KEY],
    **schemas.answers(UNDONE, refusals=schemas.WRITING),
}
PUBLISHED["responses"]["202"] = {**PUBLISHED["responses"]["200"], "description": "Accepted"}


def undo_call(api: NinjaAPI) -> None:
    """The call that takes one act back; the answer names the new act, by which the undoing is itself undone."""

    @api.post("/acts/{uuid:act}/undo/", operation_id="undo", openapi_extra=PUBLISHED)
    @once
    def undo_act(request: HttpRequest, act: UUID) -> HttpResponse:
        whole = wholes_behind([act], asker(request))
        if act in whole and not whole[act]:
            raise Refusal(
                _("This is a part of a large change of somebody else, who can undo the whole of it."), code="PART"
            )
        if act in whole:
            told = {"act": str(act), "rows": 0, "left": 0, "changed_since": []}
            return answer({**told, "whole": f"/api/v1/{take_whole_back(act, by=asker(request))}"}, status=202)
        undone = undo_one(act, by=asker(request))
        left = [_clash_json(clash) for clash in undone.clashes]
        return answer({"act": str(undone.act), "rows": undone.rows, "left": undone.left, "changed_since": left})


def _clash_json(clash: Clash) -> dict[str, Any]:
    entity = entity_of(clash.model)
    return {
        "entity": entity.code if entity else clash.model._meta.db_table,
        "id": clash.row,
        "fields": list(clash.columns),
        "actor": clash.actor_id,
        "at": clash.at.isoformat().replace("+00:00", "Z") if clash.at else None,
    }
