import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import krug.kernel.columns


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("kernel", "0001_journal"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("version", models.IntegerField(default=1, editable=False, verbose_name="version")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                ("name_ru", models.CharField(blank=True, max_length=120, verbose_name="name in Russian")),
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="catalogue.productcategory",
                        verbose_name="part of",
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
                "verbose_name": "product category",
                "db_table": "product_category",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_ru", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="product_category_has_name",
                        violation_error_message="Give the category a name in at least one language.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="product_category_not_own_parent",
                        violation_error_message="A category can not be part of itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
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
                ("code", models.CharField(max_length=60, unique=True, verbose_name="article")),
                ("name_ru", models.CharField(blank=True, max_length=200, verbose_name="name in Russian")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name in English")),
                ("series", models.CharField(blank=True, max_length=120, verbose_name="series")),
                ("uom", models.CharField(blank=True, default="шт", max_length=30, verbose_name="unit")),
                (
                    "price",
                    krug.kernel.columns.MoneyField(
                        blank=True,
                        decimal_places=4,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="list price",
                    ),
                ),
                ("currency", krug.kernel.columns.CurrencyField(default="RUB", max_length=3, verbose_name="currency")),
                ("is_service", models.BooleanField(default=False, verbose_name="service")),
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
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="catalogue.productcategory",
                        verbose_name="category",
                    ),
                ),
            ],
            options={
                "verbose_name": "product",
                "db_table": "product",
                "indexes": [
                    models.Index(fields=["category", "id"], name="product_of_category"),
                    models.Index(fields=["series", "id"], name="product_of_series"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_ru", "name_en"],
                        name="product_name_part",
                        opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_ru", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="product_has_name",
                        violation_error_message="Give the product a name in at least one language.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price", None), ("price__gte", 0), _connector="OR"),
                        name="product_price_not_negative",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_system", ""), _negated=True),
                        fields=("source_system", "source_key"),
                        name="product_source_once",
                    ),
                ],
            },
        ),
    ]
