from django.db import migrations, models


class Migration(migrations.Migration):
    """The customers of a city in the order of the alphabet, so that a narrowed list is walked and not sorted."""

    dependencies = [("parties", "0007_personal_right")]
    operations = [
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["city", "sort_key", "id"], name="party_city_order"),
        ),
        migrations.RemoveIndex(model_name="party", name="party_city"),
    ]
