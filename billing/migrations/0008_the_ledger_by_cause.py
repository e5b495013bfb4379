from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The search of the administration for what a cause begins with. Built concurrently, outside a transaction: entries can be posted meanwhile."""

    atomic = False
    dependencies = [("billing", "0007_balances_by_currency")]
    operations = [
        AddIndexConcurrently(
            "ledgerentry", models.Index(fields=["source"], opclasses=["varchar_pattern_ops"], name="ledger_by_cause")
        )
    ]
