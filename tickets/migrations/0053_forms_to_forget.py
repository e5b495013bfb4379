from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

LED_ON = models.Q(("status__gte", 300), ("status__lt", 400))


class Migration(migrations.Migration):
    """Built and dropped concurrently, outside a transaction: first answers are read and written meanwhile, however many there are."""

    atomic = False
    dependencies = [("tickets", "0052_what_can_be_reviewed")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS form_to_forget", migrations.RunSQL.noop),  # of an interrupted build
        AddIndexConcurrently("idempotencyrecord", models.Index(name="form_to_forget", fields=["created_at"], condition=LED_ON)),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS tickets_idempotencyrecord_created_at_256079a7",
                    "CREATE INDEX CONCURRENTLY tickets_idempotencyrecord_created_at_256079a7 ON tickets_idempotencyrecord (created_at)",
                )
            ],
            [migrations.AlterField("idempotencyrecord", "created_at", models.DateTimeField())],
        ),
    ]
