from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns with constant defaults, which rewrite nothing; the index is built concurrently, outside a transaction."""

    atomic = False
    dependencies = [("tickets", "0032_indexes_of_the_reports")]
    operations = [
        migrations.AddField("attachment", "preview_pages", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("attachment", "preview_text", models.TextField(blank=True, db_default="")),
        AddIndexConcurrently(
            "attachment", models.Index(condition=models.Q(("preview_pages", None)), fields=["-id"], name="attachment_without_preview")
        ),
    ]
