"""What the calendar of expirations reads by date; made concurrently, so that nobody waits for a lock."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("pbx", "0003_console_renewal_and_moves")]

    operations = [
        AddIndexConcurrently("commitment", models.Index(fields=["ends_on", "id"], name="commitments_by_end")),
        AddIndexConcurrently("pbx", models.Index(fields=["expires_on", "id"], name="pbxs_by_expiry")),
    ]
