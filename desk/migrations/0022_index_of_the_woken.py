from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What open pages of the queue ask every few seconds: which tickets woke lately. Built concurrently, outside a transaction."""

    atomic = False
    dependencies = [("desk", "0021_news_of_the_awake")]
    operations = [
        # What an interrupted build has left, so that this can be run again.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS notice_of_the_woken", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "notice", models.Index(fields=["at"], include=["ticket"], condition=models.Q(("kind", "awake")), name="notice_of_the_woken")
        )
    ]
