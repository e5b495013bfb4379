from django.db import migrations


class Migration(migrations.Migration):
    """Calls are never searched by the beginning of their id, so the index that Django adds for that only slows down their import.

    Dropped concurrently, outside a transaction: calls are read and imported meanwhile (docs/decisions/0422).
    """

    atomic = False
    dependencies = [("classound", "0005_plainer_labels")]
    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS classound_call_call_id_00004ea4_like",
            "CREATE INDEX CONCURRENTLY classound_call_call_id_00004ea4_like ON classound_call (call_id varchar_pattern_ops)",
        )
    ]
