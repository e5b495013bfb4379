from django.db import migrations


class Migration(migrations.Migration):
    """Ticket numbers have five digits from the first, so that nobody takes #7 for a list position."""

    dependencies = [("tickets", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE tickets_ticket ALTER COLUMN number RESTART WITH 10001",
            "ALTER TABLE tickets_ticket ALTER COLUMN number RESTART WITH 1",
        )
    ]
