"""Sessions know when they began and were seen; a moment kept twice is dropped."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0001_people")]

    operations = [
        migrations.RemoveField(model_name="user", name="sessions_valid_from"),
        migrations.AlterField(
            model_name="session",
            name="started_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name="session",
            name="seen_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="last_used_at",
            field=models.DateTimeField(null=True, verbose_name="last used"),
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="revoked_at",
            field=models.DateTimeField(null=True, verbose_name="revoked"),
        ),
    ]
