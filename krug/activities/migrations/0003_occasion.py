"""Why the house planned a task by itself, so that it is found again whatever it is called."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0002_text_parts")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="occasion",
            field=models.CharField(
                blank=True, editable=False, max_length=60, verbose_name="planned in connection with"
            ),
        ),
    ]
