import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("parties", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Interaction",
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
                (
                    "about_entity",
                    models.CharField(blank=True, editable=False, max_length=60, verbose_name="about: object"),
                ),
                (
                    "about_id",
                    models.BigIntegerField(blank=True, editable=False, null=True, verbose_name="about: number"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call_out", "Outgoing call"),
                            ("call_in", "Incoming call"),
                            ("meeting", "Meeting"),
                            ("letter", "Letter"),
                            ("message", "Message"),
                            ("visit", "Visit"),
                        ],
                        default="call_out",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("held", "Held"),
                            ("postponed", "Postponed"),
                            ("not_held", "Not held"),
                        ],
                        default="held",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                ("minutes", models.PositiveIntegerField(blank=True, null=True, verbose_name="minutes")),
                ("text", models.TextField(max_length=20000, verbose_name="what was said")),
                ("outcome", models.CharField(blank=True, max_length=120, verbose_name="outcome")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
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
                    "curator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="curator",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
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
                "db_table": "interaction",
            },
        ),
        migrations.CreateModel(
            name="InteractionColleague",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="our_side",
                        to="activities.interaction",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "interaction_colleague",
                "indexes": [models.Index(fields=["user", "-interaction"], name="interaction_colleague_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("interaction", "user"), name="interaction_colleague_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="interaction",
            name="colleagues",
            field=models.ManyToManyField(
                related_name="+",
                through="activities.InteractionColleague",
                to=settings.AUTH_USER_MODEL,
                verbose_name="our participants",
            ),
        ),
        migrations.CreateModel(
            name="InteractionContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.contact"
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="their_side",
                        to="activities.interaction",
                    ),
                ),
            ],
            options={
                "db_table": "interaction_contact",
                "indexes": [models.Index(fields=["contact", "-interaction"], name="interaction_contact_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("interaction", "contact"), name="interaction_contact_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="interaction",
            name="contacts",
            field=models.ManyToManyField(
                related_name="+",
                through="activities.InteractionContact",
                to="parties.contact",
                verbose_name="their participants",
            ),
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("custom", models.JSONField(blank=True, default=dict, editable=False, verbose_name="attributes")),
                (
                    "about_entity",
                    models.CharField(blank=True, editable=False, max_length=60, verbose_name="about: object"),
                ),
                (
                    "about_id",
                    models.BigIntegerField(blank=True, editable=False, null=True, verbose_name="about: number"),
                ),
                ("name", models.CharField(max_length=300, verbose_name="what to do")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                ("due_time", models.TimeField(blank=True, editable=False, null=True, verbose_name="at")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To do"), ("done", "Done"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="outcome")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "postponed_times",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="times postponed"),
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
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
                    "interaction",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="activities.interaction",
                        verbose_name="came from",
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
                "db_table": "task",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["assignee", "due_on"], name="task_my_day"
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["party", "due_on"], name="task_next_step"
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["about_entity", "about_id", "due_on"],
                        name="task_about",
                    ),
                    models.Index(fields=["due_on", "id"], name="task_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="task_closed_when_not_open",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="task_has_words"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(fields=["party", "-at", "-id"], name="interaction_of_party"),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(fields=["curator", "-at", "-id"], name="interaction_of_curator"),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(fields=["-at", "-id"], name="interaction_latest"),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(fields=["about_entity", "about_id", "-at"], name="interaction_about"),
        ),
        migrations.AddConstraint(
            model_name="interaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["postponed", "not_held"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="interaction_reason_when_not_held",
            ),
        ),
    ]
