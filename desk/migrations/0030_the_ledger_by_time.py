from django.db import migrations


class Migration(migrations.Migration):
    """An index that only the desk's reports read: fees and credits of a period, without the rest of the ledger.

    Built concurrently, outside a transaction: entries can be posted meanwhile.
    """

    atomic = False
    dependencies = [("desk", "0001_desk"), ("billing", "0003_credit_notes")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ledger_by_time ON billing_ledgerentry (created_at)",
            "DROP INDEX CONCURRENTLY IF EXISTS ledger_by_time",
        )
    ]
