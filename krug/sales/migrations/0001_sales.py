import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import krug.kernel.columns


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("catalogue", "0001_catalogue"),
        ("parties", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Competitor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="its card",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "competitor",
                "db_table": "competitor",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="competitor_name_once",
                        violation_error_message="There is a competitor of that name already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Deal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("custom", models.JSONField(blank=True, default=dict, editable=False, verbose_name="attributes")),
                (
                    "source_system",
                    models.CharField(blank=True, editable=False, max_length=60, verbose_name="came from"),
                ),
                (
                    "source_key",
                    models.CharField(blank=True, editable=False, max_length=120, verbose_name="key in the source"),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("stage_since", models.DateTimeField(verbose_name="in the stage since")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "In work"), ("won", "Won"), ("lost", "Lost"), ("suspended", "Suspended")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("repeat", "Repeat"),
                            ("cross", "Cross-sale"),
                            ("up", "Up-sale"),
                            ("renewal", "Renewal"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                (
                    "amount",
                    krug.kernel.columns.MoneyField(
                        blank=True,
                        decimal_places=2,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount",
                    ),
                ),
                ("currency", krug.kernel.columns.CurrencyField(default="RUB", max_length=3, verbose_name="currency")),
                (
                    "margin",
                    krug.kernel.columns.MoneyField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="margin"
                    ),
                ),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                ("expected_on", models.DateField(blank=True, null=True, verbose_name="expected on")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("suspended_until", models.DateField(blank=True, null=True, verbose_name="suspended until")),
                (
                    "forecast_category",
                    models.CharField(
                        choices=[
                            ("pipeline", "In the pipeline"),
                            ("best_case", "Best case"),
                            ("commit", "Commit"),
                            ("omitted", "Omitted"),
                        ],
                        default="pipeline",
                        max_length=10,
                        verbose_name="forecast category",
                    ),
                ),
                (
                    "probability_override",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="own estimate, %",
                    ),
                ),
                ("probability_reason", models.CharField(blank=True, max_length=300, verbose_name="why this estimate")),
                ("loss_note", models.TextField(blank=True, verbose_name="how it was lost")),
                ("return_on", models.DateField(blank=True, null=True, verbose_name="come back on")),
                (
                    "competitor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.competitor",
                        verbose_name="competitor",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="customer",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "deal",
                "db_table": "deal",
            },
        ),
        migrations.CreateModel(
            name="DealContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("decision_maker", "Decision maker"),
                            ("buyer", "Buyer"),
                            ("user", "User"),
                            ("influencer", "Influencer"),
                            ("blocker", "Blocker"),
                        ],
                        default="buyer",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.contact",
                        verbose_name="contact person",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_roles",
                        to="sales.deal",
                        verbose_name="deal",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "person in the deal",
                "db_table": "deal_contact",
                "indexes": [models.Index(fields=["contact", "-id"], name="deal_contact_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deal", "contact", "role"),
                        name="deal_contact_role_once",
                        violation_error_message="This person already has this role in the deal.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DealLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("quantity", models.DecimalField(decimal_places=6, default=1, max_digits=18, verbose_name="quantity")),
                ("price", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="price")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="amount")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="sales.deal",
                        verbose_name="deal",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "deal line",
                "db_table": "deal_line",
                "indexes": [models.Index(fields=["product", "-id"], name="deal_line_of_product")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)),
                        name="deal_line_quantity_positive",
                        violation_error_message="The quantity must be above zero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)),
                        name="deal_line_price_not_negative",
                        violation_error_message="The price can not be negative.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LossReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("name_ru", models.CharField(blank=True, max_length=120, verbose_name="name in Russian")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="name in English")),
                ("requires_competitor", models.BooleanField(default=False, verbose_name="asks for the competitor")),
                ("position", models.IntegerField(default=0, verbose_name="order")),
                ("code", models.SlugField(blank=True, editable=False, max_length=40, verbose_name="code")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "reason of loss",
                "db_table": "loss_reason",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_ru", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="loss_reason_has_name",
                        violation_error_message="Give the reason a name in at least one language.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("code", ""), _negated=True), fields=("code",), name="loss_reason_code_once"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="deal",
            name="loss_reason",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sales.lossreason",
                verbose_name="reason of loss",
            ),
        ),
        migrations.CreateModel(
            name="Pipeline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name_ru", models.CharField(blank=True, max_length=120, verbose_name="name in Russian")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="name in English")),
                ("party_kind", models.CharField(blank=True, max_length=20, verbose_name="kind of customer")),
                ("currency", krug.kernel.columns.CurrencyField(default="RUB", max_length=3, verbose_name="currency")),
                ("is_default", models.BooleanField(default=False, verbose_name="for new deals")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "pipeline",
                "db_table": "pipeline",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_ru", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="pipeline_has_name",
                        violation_error_message="Give the pipeline a name in at least one language.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="pipeline_one_default",
                        violation_error_message="Another pipeline is already the one for new deals.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PipelineVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("activated_at", models.DateTimeField(blank=True, null=True, verbose_name="activated")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="sales.pipeline",
                        verbose_name="pipeline",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "pipeline version",
                "db_table": "pipeline_version",
                "constraints": [
                    models.UniqueConstraint(fields=("pipeline", "number"), name="pipeline_version_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")),
                        fields=("pipeline",),
                        name="pipeline_version_one_active",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("pipeline",), name="pipeline_version_one_draft"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="deal",
            name="pipeline_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deals",
                to="sales.pipelineversion",
                verbose_name="pipeline version",
            ),
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("position", models.PositiveIntegerField(verbose_name="order")),
                ("name_ru", models.CharField(blank=True, max_length=120, verbose_name="name in Russian")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="name in English")),
                (
                    "kind",
                    models.CharField(
                        choices=[("open", "In work"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "probability",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="probability, %",
                    ),
                ),
                ("max_days", models.PositiveIntegerField(blank=True, null=True, verbose_name="norm, days")),
                (
                    "owner_rule",
                    models.CharField(
                        choices=[
                            ("previous", "the same person"),
                            ("role", "somebody of a role"),
                            ("employee", "a named employee"),
                            ("territory", "the owner of the customer"),
                        ],
                        default="previous",
                        max_length=12,
                        verbose_name="who answers",
                    ),
                ),
                (
                    "exit_result_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("document_signed", "a signed document"),
                            ("document_sent", "a document that was sent"),
                            ("meeting_minutes", "minutes of a meeting"),
                            ("decision", "a written decision"),
                            ("payment", "a payment"),
                            ("shipment", "a shipment"),
                            ("field_values", "filled fields"),
                            ("customer_confirmation", "the customer's confirmation"),
                        ],
                        max_length=30,
                        verbose_name="result that ends the stage",
                    ),
                ),
                (
                    "entry_criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="conditions to enter",
                    ),
                ),
                (
                    "exit_criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="fields that must be filled",
                    ),
                ),
                ("work_templates", models.JSONField(blank=True, default=list, verbose_name="works to plan")),
                (
                    "forecast_category",
                    models.CharField(
                        choices=[
                            ("pipeline", "In the pipeline"),
                            ("best_case", "Best case"),
                            ("commit", "Commit"),
                            ("omitted", "Omitted"),
                        ],
                        default="pipeline",
                        max_length=10,
                        verbose_name="forecast category",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="employee",
                    ),
                ),
                (
                    "pipeline_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="sales.pipelineversion",
                        verbose_name="pipeline version",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.role",
                        verbose_name="role",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "stage",
                "db_table": "stage",
                "ordering": ("pipeline_version", "position"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_ru", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="stage_has_name",
                        violation_error_message="Give the stage a name in at least one language.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("probability__gte", 0), ("probability__lte", 100)),
                        name="stage_probability_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner_rule", "role"), _negated=True), ("role__isnull", False), _connector="OR"
                        ),
                        name="stage_role_named",
                        violation_error_message="Name the role that answers for the stage.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner_rule", "employee"), _negated=True),
                            ("employee__isnull", False),
                            _connector="OR",
                        ),
                        name="stage_employee_named",
                        violation_error_message="Name the employee who answers for the stage.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "open"), ("exit_result_type", ""), _connector="OR"),
                        name="stage_end_has_no_result",
                    ),
                    models.UniqueConstraint(
                        fields=("pipeline_version", "position"),
                        name="stage_position_once",
                        violation_error_message="Another stage already stands at this place.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "open"), _negated=True),
                        fields=("pipeline_version", "kind"),
                        name="stage_one_won_one_lost",
                        violation_error_message="A pipeline has exactly one stage “Won” and one “Lost”.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="deal",
            name="stage",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deals",
                to="sales.stage",
                verbose_name="stage",
            ),
        ),
        migrations.CreateModel(
            name="StageResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("document_signed", "a signed document"),
                            ("document_sent", "a document that was sent"),
                            ("meeting_minutes", "minutes of a meeting"),
                            ("decision", "a written decision"),
                            ("payment", "a payment"),
                            ("shipment", "a shipment"),
                            ("field_values", "filled fields"),
                            ("customer_confirmation", "the customer's confirmation"),
                        ],
                        max_length=30,
                        verbose_name="type",
                    ),
                ),
                ("evidence_entity", models.CharField(editable=False, max_length=60, verbose_name="evidence: object")),
                ("evidence_id", models.BigIntegerField(editable=False, verbose_name="evidence: number")),
                ("evidence_name", models.CharField(max_length=300, verbose_name="evidence")),
                ("is_binding", models.BooleanField(default=False, verbose_name="order or contract")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="sales.deal",
                        verbose_name="deal",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of a stage",
                "db_table": "stage_result",
            },
        ),
        migrations.CreateModel(
            name="StageVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                (
                    "source_system",
                    models.CharField(blank=True, editable=False, max_length=60, verbose_name="came from"),
                ),
                (
                    "source_key",
                    models.CharField(blank=True, editable=False, max_length=120, verbose_name="key in the source"),
                ),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("forward", "Moved on"), ("back", "Moved back"), ("won", "Won"), ("lost", "Lost")],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("is_history", models.BooleanField(default=False, editable=False, verbose_name="from the past")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="sales.deal",
                        verbose_name="deal",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.stageresult",
                        verbose_name="result",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="sales.stage",
                        verbose_name="stage",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "time in a stage",
                "db_table": "stage_visit",
                "indexes": [
                    models.Index(fields=["deal", "entered_at"], name="stage_visit_of_deal"),
                    models.Index(
                        condition=models.Q(("left_at", None)),
                        fields=["responsible", "deal"],
                        name="stage_visit_answers",
                    ),
                    models.Index(fields=["stage", "entered_at"], name="stage_visit_entered"),
                    models.Index(fields=["stage", "left_at"], name="stage_visit_left"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)), fields=("deal",), name="stage_visit_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at", None), ("left_at__gte", models.F("entered_at")), _connector="OR"
                        ),
                        name="stage_visit_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_at", None), ("outcome", "")),
                            models.Q(("left_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="stage_visit_outcome_when_left",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "back"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="stage_visit_back_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_history", False),
                            models.Q(("left_at__isnull", False), models.Q(("source_system", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="stage_visit_history_is_over",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="stageresult",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="results",
                to="sales.stagevisit",
                verbose_name="time in a stage",
            ),
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "from_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handovers", to="sales.stagevisit"
                    ),
                ),
            ],
            options={
                "db_table": "handover",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_user", models.F("to_user")), _negated=True),
                        name="handover_to_another",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Work",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("type", models.CharField(blank=True, max_length=60, verbose_name="type")),
                ("name", models.CharField(max_length=300, verbose_name="what to do")),
                ("due", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("in_progress", "In progress"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="outcome")),
                (
                    "is_carried",
                    models.BooleanField(default=False, editable=False, verbose_name="continues in the next stage"),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assignee",
                    ),
                ),
                (
                    "continues",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continued_by",
                        to="sales.work",
                        verbose_name="continues",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="works",
                        to="sales.deal",
                        verbose_name="deal",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="works",
                        to="sales.stagevisit",
                        verbose_name="time in a stage",
                    ),
                ),
            ],
            options={
                "verbose_name": "work",
                "db_table": "work",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "in_progress"])),
                        fields=["assignee", "due"],
                        name="work_to_do",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "in_progress"])),
                        fields=["visit"],
                        name="work_open_of_visit",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="work_has_words"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="work_cancelled_with_reason",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("is_archived", False), ("state", "open")),
                fields=["stage", "-id"],
                include=("amount", "currency", "probability_override", "stage_since", "owner"),
                name="deal_board",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["stage", "stage_since"], name="deal_stale"
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["party", "-id"], name="deal_of_party"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["owner", "-id"], name="deal_of_owner"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["state", "-closed_at"], name="deal_closed"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["-expected_on", "-id"], name="deal_expected"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["-amount", "-id"], name="deal_largest"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["-opened_on", "-id"], name="deal_latest"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name"], name="deal_name_part", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", None), ("amount__gte", 0), _connector="OR"),
                name="deal_amount_not_negative",
                violation_error_message="The amount of a deal can not be negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(("party__isnull", False), ("closed_at", None), _connector="OR"),
                name="deal_party_unless_open",
                violation_error_message="Name the customer: only an open deal may lack it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("state__in", ["open", "suspended"])),
                    models.Q(("closed_at__isnull", False), ("state__in", ["won", "lost"])),
                    _connector="OR",
                ),
                name="deal_closed_when_won_or_lost",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "lost"), _negated=True),
                    ("loss_reason__isnull", False),
                    models.Q(("source_system", ""), _negated=True),
                    _connector="OR",
                ),
                name="deal_loss_has_reason",
                violation_error_message="Choose the reason of loss.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "suspended"), ("suspended_until__isnull", False)),
                    models.Q(models.Q(("state", "suspended"), _negated=True), ("suspended_until", None)),
                    _connector="OR",
                ),
                name="deal_suspended_until_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("probability_override", None), models.Q(("probability_reason", ""), _negated=True), _connector="OR"
                ),
                name="deal_estimate_has_reason",
                violation_error_message="Say why your estimate differs from the stage's.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("probability_override", None),
                    models.Q(("probability_override__gte", 0), ("probability_override__lte", 100)),
                    _connector="OR",
                ),
                name="deal_estimate_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_system", ""), _negated=True),
                fields=("source_system", "source_key"),
                name="deal_source_once",
            ),
        ),
        migrations.AddIndex(
            model_name="stageresult",
            index=models.Index(fields=["deal", "recorded_at"], name="stage_result_of_deal"),
        ),
        migrations.AddConstraint(
            model_name="stageresult",
            constraint=models.UniqueConstraint(
                fields=("visit", "type", "evidence_entity", "evidence_id"), name="stage_result_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stageresult",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("evidence_entity", ""), _negated=True), ("evidence_id__gt", 0)),
                name="stage_result_has_evidence",
            ),
        ),
    ]
