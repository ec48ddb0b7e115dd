from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

HALF_MADE = "DROP INDEX CONCURRENTLY IF EXISTS party_territory"
# What 0009 made of old together with the column, while nobody could write a customer.
OLD = "DROP INDEX CONCURRENTLY IF EXISTS party_territory_id_840694a6"


class Migration(migrations.Migration):
    """The index of territories is made while others write customers, and holds only those that lie in one."""

    atomic = False
    dependencies = [("parties", "0011_no_rings")]

    operations = [
        migrations.RunSQL(HALF_MADE, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="party",
            index=models.Index(
                condition=models.Q(("territory__isnull", False)), fields=["territory"], name="party_territory"
            ),
        ),
        migrations.RunSQL(OLD, migrations.RunSQL.noop),
    ]
