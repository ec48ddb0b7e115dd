"""The company that works here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Company",
            fields=[
                ("id", models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("RUB", "RUB ₽"),
                            ("USD", "USD $"),
                            ("EUR", "EUR €"),
                            ("BYN", "BYN Br"),
                            ("KZT", "KZT ₸"),
                            ("CNY", "CNY ¥"),
                            ("GBP", "GBP £"),
                        ],
                        default="RUB",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("timezone", models.CharField(default="Europe/Moscow", max_length=64, verbose_name="time zone")),
                (
                    "language",
                    models.CharField(
                        choices=[("ru", "Русский"), ("en", "English")],
                        default="ru",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.IntegerField(default=1, editable=False)),
            ],
            options={
                "db_table": "company",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="company_only_one")],
            },
        ),
    ]
