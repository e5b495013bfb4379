import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index built concurrently, outside a transaction; then the one that it makes superfluous goes, which takes a moment."""

    atomic = False
    dependencies = [("classound", "0002_emergency_locations_and_special_numbers")]
    operations = [
        AddIndexConcurrently("call", models.Index(fields=["did", "started_at"], name="call_of_did_by_time")),
        migrations.AlterField(
            "call",
            "did",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="classound.did"
            ),
        ),
    ]
