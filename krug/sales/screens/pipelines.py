"""The pages of a pipeline and of one of its versions: its stages in order, editable while it is a draft."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krug.access.models import User
from krug.kernel.doors import get_visible
from krug.kernel.entity import Entity
from krug.kernel.registry import get_entity
from krug.kernel.screens.door import asker
from krug.kernel.screens.page import record_page, render_page
from krug.kernel.sight import veiled
from krug.kernel.ui import formats
from krug.kernel.ui.names import listed
from krug.kernel.visibility import may
from krug.language.bilingual import in_language
from krug.sales.models import PipelineVersion, Stage


@require_safe
def pipeline_page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """A pipeline with the stages of its draft, if there is one, and of the version in force."""
    user = asker(request)
    pipeline = get_visible(entity, user, pk)
    page = record_page(entity, pipeline, user)
    versions = {version.state: version for version in pipeline.versions.order_by("number")}
    for state in (PipelineVersion.State.ACTIVE, PipelineVersion.State.DRAFT):
        if state in versions:
            shown = stages_panel(versions[state], user)
            page.add(f"stages_{state}", shown, before="timeline", template="sales/_version_stages.html")
    return render_page(request, page)


@require_safe
def version_page(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """One version of a pipeline with its stages."""
    user = asker(request)
    version = get_visible(entity, user, pk)
    page = record_page(entity, version, user)
    page.add("version_stages", stages_panel(version, user), before="timeline")
    return render_page(request, page)


def stages_panel(version: PipelineVersion, user: User) -> dict[str, Any]:
    """The stages in order: how likely, how long, who answers, and what result ends each."""
    stage = get_entity("stage")
    stages = version.stages.filter(is_archived=False).select_related("role", "employee").order_by("position")
    may_add = version.is_draft and may(user, "stage", "create")
    number = formats.number(version.number)
    return {
        "title": _("Stages of version %(number)s, %(state)s")
        % {"number": number, "state": str(version.get_state_display()).lower()},
        "columns": [
            {"label": _("Stage")},
            {"label": _("Probability"), "align": "end"},
            {"label": _("Norm, days"), "align": "end"},
            {"label": _("Who answers")},
            {"label": _("Result of a stage")},
        ],
        "rows": [
            {
                "id": one.pk,
                "url": f"{stage.url(one.pk)}{'edit/' if may_add else ''}",
                "cells": [
                    str(one),
                    formats.percent(one.probability),
                    formats.number(one.max_days),
                    who_answers(one),
                    str(one.get_exit_result_type_display()) if one.exit_result_type else "",
                ],
            }
            for one in map(veiled, stages)
        ],
        "new_url": f"{stage.url()}new/?pipeline_version={version.pk}" if may_add else "",
    }


def who_answers(stage: Stage) -> str:
    """The rule of the stage in words, with the name that it names."""
    if not stage.is_open:
        return ""
    if stage.owner_rule == Stage.OwnerRule.EMPLOYEE and stage.employee is not None:
        return listed(stage.employee)
    if stage.owner_rule == Stage.OwnerRule.ROLE and stage.role is not None:
        return in_language(stage.role.name_ru, stage.role.name_en)
    return str(stage.get_owner_rule_display())
