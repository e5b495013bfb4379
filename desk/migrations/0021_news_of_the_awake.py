from django.db import migrations, models

KINDS = [("mention", "mentioned you"), ("assigned", "assigned to you"), ("answer", "the partner wrote"), ("due", "due soon")]
KINDS += [("awake", "awake again"), ("job", "done")]


class Migration(migrations.Migration):
    """Owners are told of tickets that wake. The choices are Django's alone: nothing is changed in the database, nothing is locked."""

    dependencies = [("desk", "0020_files_of_drafts")]
    operations = [migrations.AlterField("notice", "kind", models.CharField(choices=KINDS, max_length=10))]
