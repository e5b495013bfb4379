from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """Which tickets woke is read from the timeline, which knows those that were woken by hand, too."""

    atomic = False
    dependencies = [("desk", "0022_index_of_the_woken"), ("tickets", "0045_index_of_the_woken")]
    operations = [RemoveIndexConcurrently("notice", "notice_of_the_woken")]
