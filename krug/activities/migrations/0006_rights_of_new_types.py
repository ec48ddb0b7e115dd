"""Whoever may work with contacts with customers may work with promises and calls, which are parts of them."""

from django.db import migrations

USUAL = ("create", "change", "archive", "export", "import")
OWN = {
    "obligation": ("keep", "break", "postpone", "cancel", "reopen"),
    "call": ("settle", "attach"),
}


def grant(apps, schema_editor):
    """Roles of the company itself get for the new types what they hold on contacts; shipped ones are made at start."""
    Grant = apps.get_model("access", "Grant")
    for held in Grant.objects.filter(entity="interaction", role__is_shipped=False):
        for code, verbs in OWN.items():
            given = [verb for verb in held.verbs if verb in ("*", *USUAL)]
            more = list(verbs) if "change" in held.verbs else []
            Grant.objects.get_or_create(
                role=held.role, entity=code, defaults={"reach": held.reach, "verbs": [*given, *more]}
            )


class Migration(migrations.Migration):
    dependencies = [("activities", "0005_calls"), ("access", "0008_words_of_moments")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
