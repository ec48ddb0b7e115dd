"""Grants say what may be done with each group of fields; what was granted before stays wide open."""

from django.db import migrations, models

import krug.access.models.roles


class Migration(migrations.Migration):
    dependencies = [("access", "0005_passkey_numbers")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="fields",
            field=models.JSONField(blank=True, default=krug.access.models.roles.every_field, verbose_name="fields"),
        ),
    ]
