"""How pipelines, their versions and stages present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.kernel.entity import Entity, Section, Verb
from krug.kernel.visibility import everyone
from krug.sales.actions.pipelines import activate_version, change_stage, create_pipeline, create_stage, new_version
from krug.sales.entities.conditions import ConditionsField, UsualWorksField
from krug.sales.models import Pipeline, PipelineVersion, Stage

ENTRY = ConditionsField(
    name="entry_criteria",
    label=_("conditions to enter"),
    hint=_("A deal comes into the stage when all that is ticked is true of it."),
)
EXIT = ConditionsField(
    name="exit_criteria",
    label=_("what must be filled in"),
    hint=_("Asked for when the stage ends with the result “filled fields”."),
)
WORKS = UsualWorksField(
    name="work_templates", label=_("works to plan"), hint=_("One a line, with days: Prepare the offer; 3")
)
PIPELINE = Entity(
    code="pipeline",
    model=Pipeline,
    label=_("Pipeline"),
    new=_("New pipeline"),
    plural=_("Pipelines"),
    icon="funnel",
    menu="settings/pipelines",
    visible=everyone,
    columns=("name_ru", "name_en", "code", "currency", "is_default"),
    filters=("is_default",),
    form=(Section(_("Pipeline"), "name_ru", "name_en", "code", "currency", "party_kind", "is_default"),),
    order="id",
    owner="",
    create=create_pipeline,
    verbs=(Verb(new_version, _("New version"), icon="copy", code="draft", primary=True),),
)
PIPELINE_VERSION = Entity(
    code="pipeline-version",
    model=PipelineVersion,
    label=_("Pipeline version"),
    new=_("New version of the pipeline"),
    plural=_("Pipeline versions"),
    icon="funnel",
    visible=everyone,
    columns=("pipeline", "number", "state", "activated_at"),
    filters=("pipeline", "state"),
    form=(),
    protected=("pipeline", "number", "state", "activated_at"),
    title="pipeline",
    owner="",
    verbs=(Verb(activate_version, _("Bring into force"), icon="check-circle", when="is_draft", primary=True),),
    stands_with=("pipeline",),
)
STAGE = Entity(
    code="stage",
    model=Stage,
    label=_("Stage"),
    new=_("New stage"),
    plural=_("Stages"),
    icon="columns",
    menu="settings/pipelines",
    visible=everyone,
    columns=(
        "name_ru",
        "name_en",
        "position",
        "kind",
        "probability",
        "max_days",
        "exit_result_type",
        "pipeline_version",
    ),
    filters=("pipeline_version", "kind", "exit_result_type"),
    sorts=("position",),
    form=(
        Section(_("Stage"), "pipeline_version", "position", "name_ru", "name_en", "kind"),
        Section(_("Norms"), "probability", "max_days", "forecast_category"),
        Section(_("Who answers"), "owner_rule", "role", "employee"),
        Section(_("How it begins and ends"), "entry_criteria", "work_templates", "exit_result_type", "exit_criteria"),
    ),
    extra=(ENTRY, WORKS, EXIT),
    order="id",
    owner="",
    create=create_stage,
    change=change_stage,
)
