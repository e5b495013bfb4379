from django.db import migrations, models

KINDS = [("fee", "fee"), ("charge", "charge"), ("credit_note", "credit note"), ("reversal", "reversal")]


class Migration(migrations.Migration):
    """What a refusal cost can be taken back. The choices are Django's alone: nothing is changed in the database, nothing is locked."""

    dependencies = [("tickets", "0040_previews_of_attachments")]
    operations = [migrations.AlterField("ticketcharge", "kind", models.CharField(choices=KINDS, default="fee", max_length=12))]
