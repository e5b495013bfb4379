from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What open pages of the queue ask every few seconds: which tickets woke lately. Built concurrently, outside a transaction."""

    atomic = False
    dependencies = [("desk", "0021_news_of_the_awake")]
    operations = [
        AddIndexConcurrently(
            "notice", models.Index(fields=["at"], include=["ticket"], condition=models.Q(("kind", "awake")), name="notice_of_the_woken")
        )
    ]
