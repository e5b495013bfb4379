from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

RUNNING = models.Q(("status__in", ["new", "open", "pending", "on_hold"]))
SNOOZED = models.Q(("snoozed_until__isnull", False))


class Migration(migrations.Migration):
    """A column that is empty at first, and a constraint that no row is read for yet: both are there at once, nothing is rewritten."""

    dependencies = [("tickets", "0041_reversals_of_charges")]
    operations = [
        migrations.AddField("ticket", "snoozed_until", models.DateTimeField(blank=True, null=True, verbose_name="snoozed until")),
        AddConstraintNotValid(
            "ticket", models.CheckConstraint(condition=RUNNING | ~SNOOZED, name="only_a_running_ticket_is_snoozed")
        ),
    ]
