from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.contrib.postgres.search import SearchVector
from django.db import migrations


class Migration(migrations.Migration):
    """People by each word of their names. Built concurrently, outside a transaction; first goes what an interrupted build has left."""

    atomic = False
    dependencies = [("partners", "0014_plainer_labels")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS user_by_words_of_name", migrations.RunSQL.noop),
        AddIndexConcurrently("user", GinIndex(SearchVector("full_name", config="simple"), name="user_by_words_of_name")),
    ]
