"""Phones, addresses and birthdays become a right of their own; whoever saw them until now keeps it."""

from django.db import migrations

TYPES = ("contact", "contact-point", "*")
RIGHT = "personal"


def give(apps, schema_editor):
    grants = apps.get_model("access", "Grant").objects.using(schema_editor.connection.alias)
    for grant in grants.filter(entity__in=TYPES).exclude(reach="none"):
        if RIGHT not in grant.verbs and "*" not in grant.verbs:
            grant.verbs = [*grant.verbs, RIGHT]
            grant.save(update_fields=["verbs"])


def take(apps, schema_editor):
    grants = apps.get_model("access", "Grant").objects.using(schema_editor.connection.alias)
    for grant in grants.filter(entity__in=TYPES, verbs__contains=[RIGHT]):
        grant.verbs = [verb for verb in grant.verbs if verb != RIGHT]
        grant.save(update_fields=["verbs"])


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_consents"), ("access", "0006_fields_of_grants")]

    operations = [migrations.RunPython(give, take)]
