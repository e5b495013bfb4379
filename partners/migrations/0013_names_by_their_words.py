from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.contrib.postgres.search import SearchVector
from django.db import migrations


class Migration(migrations.Migration):
    """Names by each of their words. Built concurrently, outside a transaction; first goes what an interrupted build has left."""

    atomic = False
    dependencies = [("partners", "0012_told_webhooks")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS partner_by_words_of_name", migrations.RunSQL.noop),
        AddIndexConcurrently("partner", GinIndex(SearchVector("name", config="simple"), name="partner_by_words_of_name")),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS reseller_by_words_of_name", migrations.RunSQL.noop),
        AddIndexConcurrently("reseller", GinIndex(SearchVector("name", config="simple"), name="reseller_by_words_of_name")),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS end_user_by_words_of_name", migrations.RunSQL.noop),
        AddIndexConcurrently("enduser", GinIndex(SearchVector("name", config="simple"), name="end_user_by_words_of_name")),
    ]
