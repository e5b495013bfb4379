from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.contrib.postgres.search import SearchVector
from django.db import migrations


class Migration(migrations.Migration):
    """Names by each of their words. Built concurrently, outside a transaction; first goes what an interrupted build has left."""

    atomic = False
    dependencies = [("pbx", "0006_wms_server_is_named")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS pbx_by_words_of_name", migrations.RunSQL.noop),
        AddIndexConcurrently("pbx", GinIndex(SearchVector("name", config="simple"), name="pbx_by_words_of_name")),
    ]
