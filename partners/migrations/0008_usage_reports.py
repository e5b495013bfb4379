from django.db import migrations, models

KINDS = [
    ("invited", "Invited %(about)s"),
    ("invited_again", "Sent the link to %(about)s again"),
    ("withdrawn", "Took the invitation of %(about)s back"),
    ("joined", "%(about)s accepted the invitation"),
    ("changed", "Changed the entry of %(about)s"),
    ("access_ended", "Ended the access of %(about)s"),
    ("access_given", "Gave %(about)s access again"),
    ("token_made", "Made the API token %(about)s"),
    ("token_revoked", "Revoked the API token %(about)s"),
    ("usage_reports", "Switched usage reports %(about)s"),
    ("reseller_added", "Added the reseller %(about)s"),
    ("reseller_changed", "Changed the reseller %(about)s"),
    ("reseller_deleted", "Deleted the reseller %(about)s"),
    ("end_user_placed", "Moved the end user %(about)s"),
]


class Migration(migrations.Migration):
    """Whether a partner gets usage reports, and for which month it was told last: a default that the database keeps, no table rewritten."""

    dependencies = [("partners", "0007_addresses_that_stood_before")]
    operations = [
        migrations.AddField(
            "partner",
            "usage_reports",
            models.BooleanField(default=True, db_default=True, verbose_name="gets a usage report each month"),
        ),
        migrations.AddField(
            "partner",
            "usage_reported_for",
            models.DateField(blank=True, null=True, verbose_name="month of the last usage report"),
        ),
        migrations.AlterField("companyevent", "kind", models.CharField(choices=KINDS, max_length=20)),
    ]
