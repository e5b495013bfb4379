import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built concurrently, outside a transaction: a large table can be written to meanwhile."""

    atomic = False
    dependencies = [("tickets", "0006_desk_of_the_team")]
    operations = [
        AddIndexConcurrently("ticket", models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold']), ('due_at__isnull', False)), fields=['due_at', 'number'], name='ticket_due')),
        AddIndexConcurrently("ticket", models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold'])), fields=['priority', 'number'], name='ticket_by_priority')),
        AddIndexConcurrently("ticket", models.Index(condition=models.Q(('status', 'solved')), fields=['solved_at'], name='ticket_to_close')),
        AddIndexConcurrently("ticket", models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='ticket_merged')),
        AddIndexConcurrently("ticket", django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tags', []), _negated=True), fields=['tags'], name='ticket_of_tag')),
    ]
