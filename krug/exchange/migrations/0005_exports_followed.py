from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0004_opening"),
    ]

    operations = [
        migrations.AddField(model_name="exportrun", name="as_of", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="exportrun", name="done", field=models.IntegerField(default=0)),
        migrations.AddField(model_name="exportrun", name="total", field=models.IntegerField(default=0)),
        migrations.AddField(model_name="exportrun", name="is_cancelled", field=models.BooleanField(default=False)),
        migrations.AlterField(
            model_name="exportrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("working", "Under way"),
                    ("ready", "Ready"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="working",
                max_length=10,
                verbose_name="state",
            ),
        ),
    ]
