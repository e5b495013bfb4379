from django.db import migrations, models

OUTCOMES = [
    ("executed", "Executed"),
    ("declined", "Declined"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
    ("answered", "Answered"),
    ("merged", "Merged"),
]
# Events have kept it of these two types; each has an index of its own, so that a large table is not read whole.
DECLINED = """
UPDATE tickets_ticket SET outcome = 'declined'
WHERE outcome = 'executed' AND type_code IN ('porting_date_change', 'special_number_access')
  AND EXISTS (SELECT 1 FROM tickets_event e WHERE e.ticket_id = number AND e.kind = 'step' AND (e.data->>'declined')::bool)
"""
BACK = "UPDATE tickets_ticket SET outcome = 'executed' WHERE outcome = 'declined'"


class Migration(migrations.Migration):
    """What was carried out and declined has an outcome of its own (docs/decisions/0247)."""

    dependencies = [("tickets", "0046_why_mails_were_not_sent")]
    operations = [
        migrations.AlterField(
            model_name="ticket",
            name="outcome",
            field=models.CharField(blank=True, choices=OUTCOMES, max_length=10, verbose_name="outcome"),
        ),
        migrations.RunSQL(DECLINED, BACK),
    ]
