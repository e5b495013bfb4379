from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper

INDEX = models.Index(OpClass(Upper("serial"), "text_pattern_ops"), name="device_by_serial_as_typed")


class Migration(migrations.Migration):
    """Devices by the beginning of their serial number in whatever case. Built concurrently, outside a transaction."""

    atomic = False
    dependencies = [("hwaas", "0005_initials_are_named")]
    operations = [
        # What an interrupted build has left, so that this can be run again.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS device_by_serial_as_typed", migrations.RunSQL.noop),
        AddIndexConcurrently("device", INDEX),
    ]
