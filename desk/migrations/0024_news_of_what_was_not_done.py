from django.db import migrations, models

KINDS = [
    ("mention", "mentioned you"),
    ("assigned", "assigned to you"),
    ("answer", "the partner wrote"),
    ("due", "due soon"),
    ("awake", "awake again"),
    ("job", "done"),
    ("undone", "undone"),
    ("unsent", "not sent"),
]
# What was told as done until now.
CALLED = """
UPDATE desk_notice SET kind = CASE WHEN key LIKE 'unsent:%' THEN 'unsent' ELSE 'undone' END
WHERE kind = 'job' AND (key LIKE 'unsent:%' OR key LIKE 'job:%:undone')
"""


class Migration(migrations.Migration):
    """A change that was undone, and a reply that did not go out, are not told as done."""

    dependencies = [("desk", "0023_woken_by_events")]
    operations = [
        migrations.AlterField("notice", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.RunSQL(CALLED, migrations.RunSQL.noop),
    ]
