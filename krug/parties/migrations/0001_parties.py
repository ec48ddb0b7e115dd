import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import krug.kernel.columns
import krug.parties.models.requisites


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("kernel", "0001_journal"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bank",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("bic", models.CharField(max_length=11, unique=True, verbose_name="BIC")),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                ("corr_account", models.CharField(blank=True, max_length=20, verbose_name="correspondent account")),
                ("is_active", models.BooleanField(default=True, verbose_name="works")),
                ("source_date", models.DateField(blank=True, null=True, verbose_name="as of")),
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
                "db_table": "bank",
                "indexes": [models.Index(fields=["name"], name="bank_name")],
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                    "full_name",
                    models.CharField(
                        blank=True,
                        help_text="Surname, given name and patronymic in one line; they are put into their fields.",
                        max_length=190,
                        verbose_name="full name",
                    ),
                ),
                ("surname", models.CharField(blank=True, max_length=60, verbose_name="surname")),
                ("given_name", models.CharField(blank=True, max_length=60, verbose_name="given name")),
                ("patronymic", models.CharField(blank=True, max_length=60, verbose_name="patronymic")),
                ("name_key", models.CharField(default="", editable=False, max_length=190)),
                (
                    "sort_key",
                    models.CharField(
                        db_collation="C", default="", editable=False, max_length=190, verbose_name="alphabetical order"
                    ),
                ),
                ("birthday", models.DateField(blank=True, null=True, verbose_name="birthday")),
                (
                    "language",
                    models.CharField(
                        choices=[("ru", "Russian"), ("en", "English")],
                        default="ru",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
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
                "db_table": "contact",
                "indexes": [
                    models.Index(fields=["sort_key", "id"], name="contact_sort_key"),
                    models.Index(fields=["owner", "sort_key"], name="contact_owner_order"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_key"], name="contact_name_key_trgm", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(
                        condition=models.Q(("source_system", ""), _negated=True),
                        fields=["source_system", "source_key"],
                        name="contact_source_key",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("given_name", ""), ("surname", ""), _negated=True),
                        name="contact_has_name",
                        violation_error_message="Enter at least the surname or the given name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="code")),
                ("name_ru", models.CharField(max_length=120, verbose_name="name in Russian")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="name in English")),
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
                "db_table": "contact_source",
                "constraints": [
                    models.UniqueConstraint(models.F("name_ru"), name="contact_source_name_once"),
                    models.UniqueConstraint(
                        models.F("code"),
                        condition=models.Q(("code", ""), _negated=True),
                        name="contact_source_code_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Industry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="code")),
                ("name_ru", models.CharField(max_length=120, verbose_name="name in Russian")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="name in English")),
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
                "db_table": "industry",
                "constraints": [
                    models.UniqueConstraint(models.F("name_ru"), name="industry_name_once"),
                    models.UniqueConstraint(
                        models.F("code"), condition=models.Q(("code", ""), _negated=True), name="industry_code_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
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
                ("display_name", models.CharField(max_length=255, verbose_name="name")),
                ("name_key", models.CharField(default="", editable=False, max_length=255)),
                (
                    "sort_key",
                    models.CharField(
                        db_collation="C", default="", editable=False, max_length=255, verbose_name="alphabetical order"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("legal", "Legal entity"),
                            ("branch", "Branch"),
                            ("sole_trader", "Sole trader"),
                            ("self_employed", "Self-employed person"),
                            ("person", "Person"),
                            ("foreign_legal", "Foreign company"),
                            ("public_body", "Public body"),
                        ],
                        default="legal",
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="roles",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("checked", "Checked"),
                            ("verified", "Verified"),
                            ("outdated", "To verify again"),
                            ("liquidated", "Liquidated"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("verified_on", models.DateField(blank=True, null=True, verbose_name="verified on")),
                ("verified_source", models.CharField(blank=True, max_length=255, verbose_name="verified by")),
                ("country", models.CharField(default="RU", max_length=2, verbose_name="country")),
                (
                    "language",
                    models.CharField(
                        choices=[("ru", "Russian"), ("en", "English")],
                        default="ru",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=120, verbose_name="region")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                (
                    "timezone",
                    models.CharField(
                        blank=True,
                        help_text="Found from the city when left empty.",
                        max_length=64,
                        verbose_name="time zone",
                    ),
                ),
                ("employees", models.PositiveIntegerField(blank=True, null=True, verbose_name="employees")),
                (
                    "annual_revenue",
                    krug.kernel.columns.MoneyField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="annual revenue"
                    ),
                ),
                ("currency", krug.kernel.columns.CurrencyField(default="RUB", max_length=3, verbose_name="currency")),
                ("founded_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="founded in")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "contact_source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="parties.contactsource",
                        verbose_name="source of contact",
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
                    "industry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="parties.industry",
                        verbose_name="industry",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="parties.party",
                        verbose_name="merged into",
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="branches",
                        to="parties.party",
                        verbose_name="head organisation",
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
                "db_table": "party",
                "indexes": [
                    models.Index(fields=["sort_key", "id"], name="party_sort_key"),
                    models.Index(fields=["owner", "sort_key"], name="party_owner_order"),
                    models.Index(fields=["-created_at"], name="party_created"),
                    models.Index(fields=["city"], name="party_city"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_key"], name="party_name_key_trgm", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["roles"], name="party_roles"),
                    models.Index(
                        condition=models.Q(("source_system", ""), _negated=True),
                        fields=["source_system", "source_key"],
                        name="party_source",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "branch"), _negated=True), ("parent__isnull", False), _connector="OR"
                        ),
                        name="party_branch_has_parent",
                        violation_error_code="PARENT_REQUIRED",
                        violation_error_message="A branch belongs to a head organisation: choose it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                        ),
                        name="party_not_own_parent",
                        violation_error_code="PARENT_CYCLE",
                        violation_error_message="A party can not be its own head organisation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="party_not_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("annual_revenue", None), ("annual_revenue__gte", 0), _connector="OR"),
                        name="party_revenue_not_negative",
                        violation_error_message="Revenue can not be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("founded_year", None), ("founded_year__range", (1000, 2100)), _connector="OR"
                        ),
                        name="party_founded_year",
                        violation_error_message="Enter a year from 1000 to 2100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="party_country_code"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("position", models.CharField(blank=True, max_length=120, verbose_name="position")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("decision_maker", "Decides"),
                            ("buyer", "Buys"),
                            ("user", "Uses"),
                            ("influencer", "Advises"),
                            ("blocker", "Opposes"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=14,
                        verbose_name="role",
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="1 is called first, 9 last.", verbose_name="priority"
                    ),
                ),
                ("is_current", models.BooleanField(default=True, verbose_name="holds it now")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to="parties.contact",
                        verbose_name="person",
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
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to="parties.party",
                        verbose_name="party",
                    ),
                ),
            ],
            options={
                "db_table": "contact_position",
                "indexes": [models.Index(fields=["party", "priority"], name="contact_position_order")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_archived", False), ("is_current", True)),
                        fields=("contact", "party"),
                        name="contact_position_once",
                        violation_error_message="This person is recorded at this party already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__range", (1, 9))),
                        name="contact_position_priority",
                        violation_error_message="Priority is a number from 1 to 9.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
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
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("email", "E-mail"),
                            ("messenger", "Messenger"),
                            ("site", "Site"),
                            ("fax", "Fax"),
                        ],
                        default="phone",
                        max_length=9,
                        verbose_name="type",
                    ),
                ),
                ("raw", models.CharField(max_length=320, verbose_name="number or address")),
                ("normalised", models.CharField(blank=True, max_length=320, verbose_name="one form")),
                ("comparison_key", models.CharField(blank=True, editable=False, max_length=320)),
                ("extension", models.CharField(blank=True, max_length=15, verbose_name="extension")),
                ("digits", models.CharField(blank=True, editable=False, max_length=10, verbose_name="last digits")),
                ("is_main", models.BooleanField(default=False, verbose_name="main")),
                ("is_valid", models.BooleanField(default=True, verbose_name="works")),
                ("do_not_contact", models.BooleanField(default=False, verbose_name="do not contact")),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="parties.contact",
                        verbose_name="person",
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
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="parties.party",
                        verbose_name="party",
                    ),
                ),
            ],
            options={
                "db_table": "contact_point",
                "indexes": [
                    models.Index(
                        condition=models.Q(("comparison_key", ""), _negated=True),
                        fields=["comparison_key"],
                        name="contact_point_key",
                    ),
                    models.Index(
                        condition=models.Q(("digits", ""), _negated=True),
                        fields=["digits"],
                        name="contact_point_digits",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("digits", ""), _negated=True),
                        fields=["digits"],
                        name="contact_point_digits_trgm",
                        opclasses=["gin_trgm_ops"],
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contact__isnull", False), ("party", None)),
                            models.Q(("contact", None), ("party__isnull", False)),
                            _connector="OR",
                        ),
                        name="contact_point_of_one",
                        violation_error_code="POINT_OF_ONE",
                        violation_error_message="A phone or address belongs either to a party or to a person.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_archived", False), models.Q(("comparison_key", ""), _negated=True)),
                        fields=("party", "contact", "type", "comparison_key", "extension"),
                        name="contact_point_once",
                        nulls_distinct=False,
                        violation_error_message="This number or address is recorded here already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
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
                ("number", models.CharField(max_length=34, verbose_name="account number")),
                ("currency", krug.kernel.columns.CurrencyField(default="RUB", max_length=3, verbose_name="currency")),
                ("is_main", models.BooleanField(default=False, verbose_name="main")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until, exclusive")),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="parties.bank",
                        verbose_name="bank",
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
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bank_accounts",
                        to="parties.party",
                        verbose_name="party",
                    ),
                ),
            ],
            options={
                "db_table": "bank_account",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("party", "bank", "number"),
                        name="bank_account_once",
                        violation_error_message="This account is recorded already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_archived", False), ("is_main", True)),
                        fields=("party",),
                        name="bank_account_one_main",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_to", None),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="bank_account_period",
                        violation_error_message="The last day must be later than the first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Address",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("legal", "Legal"),
                            ("postal", "Postal"),
                            ("actual", "Actual"),
                            ("delivery", "Delivery"),
                        ],
                        default="actual",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("free_text", models.CharField(blank=True, max_length=1000, verbose_name="address in one line")),
                ("country", models.CharField(default="RU", max_length=2, verbose_name="country")),
                ("postcode", models.CharField(blank=True, max_length=12, verbose_name="postcode")),
                ("region_code", models.CharField(blank=True, max_length=2, verbose_name="code of the region")),
                ("region_name", models.CharField(blank=True, max_length=120, verbose_name="region")),
                ("district", models.CharField(blank=True, max_length=120, verbose_name="district")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                ("settlement", models.CharField(blank=True, max_length=120, verbose_name="settlement")),
                ("street", models.CharField(blank=True, max_length=160, verbose_name="street")),
                ("house", models.CharField(blank=True, max_length=40, verbose_name="house")),
                ("block", models.CharField(blank=True, max_length=40, verbose_name="block")),
                ("flat", models.CharField(blank=True, max_length=40, verbose_name="flat or office")),
                ("gar_guid", models.UUIDField(blank=True, editable=False, null=True, verbose_name="GAR object")),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
                    ),
                ),
                ("gln", models.CharField(blank=True, max_length=13, verbose_name="GLN")),
                ("is_main", models.BooleanField(default=False, verbose_name="main")),
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
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="parties.party",
                        verbose_name="party",
                    ),
                ),
            ],
            options={
                "db_table": "address",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_archived", False), ("is_main", True)),
                        fields=("party", "kind"),
                        name="address_one_main",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("country", "RU"), _negated=True),
                            ("postcode", ""),
                            ("postcode__regex", "^\\d{6}$"),
                            _connector="OR",
                        ),
                        name="address_postcode",
                        violation_error_code="POSTCODE",
                        violation_error_message="A Russian postcode has 6 digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="address_coordinates",
                        violation_error_message="Give both coordinates: latitude −90 to 90, longitude −180 to 180.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gln", ""), ("gln__regex", "^\\d{13}$"), _connector="OR"),
                        name="address_gln",
                        violation_error_message="A GLN has 13 digits.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyRelation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("group", "of one group with"),
                            ("parent", "parent company of"),
                            ("dealer_of", "dealer of"),
                        ],
                        max_length=10,
                        verbose_name="relation",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
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
                    "from_party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_out",
                        to="parties.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "to_party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_in",
                        to="parties.party",
                        verbose_name="other party",
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
                "db_table": "party_relation",
                "indexes": [models.Index(fields=["to_party"], name="party_relation_to")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("from_party", "kind", "to_party"),
                        name="party_relation_once",
                        violation_error_message="This relation is recorded already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_party", models.F("to_party")), _negated=True),
                        name="party_relation_to_another",
                        violation_error_code="RELATION_TO_ITSELF",
                        violation_error_message="A party can not be related to itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyRole",
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
                            ("customer", "Customer"),
                            ("prospect", "Prospect"),
                            ("dealer", "Dealer"),
                            ("partner", "Partner"),
                            ("supplier", "Supplier"),
                            ("competitor", "Competitor"),
                            ("ad_agency", "Advertising agency"),
                            ("insurer", "Insurer"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                ("since", models.DateField(default=django.utils.timezone.localdate, verbose_name="since")),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="role_rows",
                        to="parties.party",
                        verbose_name="party",
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
                "db_table": "party_role",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("party", "role"),
                        name="party_role_once",
                        violation_error_message="The party has this role already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Requisites",
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
                ("valid_from", models.DateField(default=django.utils.timezone.localdate, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until, exclusive")),
                ("full_name", models.CharField(blank=True, max_length=1000, verbose_name="full legal name")),
                ("short_name", models.CharField(blank=True, max_length=510, verbose_name="short name")),
                ("inn", models.CharField(blank=True, max_length=12, verbose_name="INN")),
                ("kpp", models.CharField(blank=True, max_length=9, verbose_name="KPP")),
                ("ogrn", models.CharField(blank=True, max_length=15, verbose_name="OGRN")),
                ("ogrn_date", models.DateField(blank=True, null=True, verbose_name="date of OGRN")),
                ("okpo", models.CharField(blank=True, max_length=10, verbose_name="OKPO")),
                ("oktmo", models.CharField(blank=True, max_length=11, verbose_name="OKTMO")),
                ("okved_main", models.CharField(blank=True, max_length=8, verbose_name="main OKVED")),
                ("legal_form_code", models.CharField(blank=True, max_length=5, verbose_name="OKOPF")),
                (
                    "tax_regime",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("osno", "General"),
                            ("usn_income", "Simplified, on income"),
                            ("usn_income_expense", "Simplified, on income less expenses"),
                            ("psn", "Patent"),
                            ("npd", "Tax on professional income"),
                            ("eshn", "Agricultural"),
                            ("foreign", "Foreign"),
                        ],
                        max_length=20,
                        verbose_name="tax regime",
                    ),
                ),
                ("vat_payer", models.BooleanField(default=True, verbose_name="pays VAT")),
                ("foreign_tax_id", models.CharField(blank=True, max_length=40, verbose_name="foreign tax number")),
                ("director_name", models.CharField(blank=True, max_length=255, verbose_name="head")),
                (
                    "director_position",
                    models.CharField(blank=True, max_length=255, verbose_name="position of the head"),
                ),
                ("acts_on_basis", models.CharField(blank=True, max_length=255, verbose_name="acts on the basis of")),
                ("claims_number", models.BooleanField(default=True, editable=False)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requisites",
                        to="parties.party",
                        verbose_name="party",
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
                "db_table": "requisites",
                "indexes": [
                    models.Index(fields=["inn", "kpp"], name="requisites_inn"),
                    models.Index(
                        condition=models.Q(("ogrn", ""), _negated=True), fields=["ogrn"], name="requisites_ogrn"
                    ),
                    models.Index(
                        condition=models.Q(("foreign_tax_id", ""), _negated=True),
                        fields=["foreign_tax_id"],
                        name="requisites_foreign",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="requisites_period",
                        violation_error_message="The last day must be later than the first.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("party", "="), (krug.parties.models.requisites.Period(), "&&")],
                        name="requisites_no_overlap",
                        violation_error_message="The period of the requisites overlaps another version.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("claims_number", True), models.Q(("inn", ""), _negated=True)),
                        expressions=[
                            ("inn", "="),
                            ("kpp", "="),
                            ("party", "<>"),
                            (krug.parties.models.requisites.Period(), "&&"),
                        ],
                        name="requisites_number_once",
                        violation_error_message="Another party has this INN and KPP.",
                    ),
                ],
            },
        ),
    ]
