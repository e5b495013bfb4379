from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper

NAMES = {"name": "pbx_by_name_as_typed", "serial": "pbx_by_serial_as_typed"}


class Migration(migrations.Migration):
    """PBXs by the beginning of their name or serial number in whatever case. Built concurrently, outside a transaction."""

    atomic = False
    dependencies = [("pbx", "0004_indexes_of_the_calendar")]
    operations = [
        # What an interrupted build has left, so that this can be run again.
        *(migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop) for name in NAMES.values()),
        *(AddIndexConcurrently("pbx", models.Index(OpClass(Upper(field), "text_pattern_ops"), name=name)) for field, name in NAMES.items()),
    ]
