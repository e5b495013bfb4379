from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Fees and credits of a period, for the reports. Built concurrently, outside a transaction: entries can be posted meanwhile."""

    atomic = False
    dependencies = [("billing", "0004_bonus_increase")]
    operations = [AddIndexConcurrently("ledgerentry", models.Index(fields=["created_at"], name="ledger_by_time"))]
