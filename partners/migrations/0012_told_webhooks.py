"""Changes of webhooks are journalled. The choices are Django's alone: nothing is changed in the database, nothing is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0011_sessions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='companyevent',
            name='kind',
            field=models.CharField(choices=[('invited', 'Invited %(about)s'), ('invited_again', 'Sent a link to %(about)s'), ('withdrawn', 'Took the invitation of %(about)s back'), ('joined', '%(about)s accepted the invitation'), ('changed', 'Changed the entry of %(about)s'), ('access_ended', 'Ended the access of %(about)s'), ('access_given', 'Gave %(about)s access again'), ('token_made', 'Made the API token %(about)s'), ('token_revoked', 'Revoked the API token %(about)s'), ('webhook_added', 'Added the webhook %(about)s'), ('webhook_changed', 'Changed what the webhook %(about)s is told'), ('webhook_on', 'Switched the webhook %(about)s on'), ('webhook_off', 'Switched the webhook %(about)s off'), ('webhook_renewed', 'Made a new secret for the webhook %(about)s'), ('webhook_deleted', 'Deleted the webhook %(about)s'), ('usage_reports', 'Switched usage reports %(about)s'), ('reseller_added', 'Added the reseller %(about)s'), ('reseller_changed', 'Changed the reseller %(about)s'), ('reseller_deleted', 'Deleted the reseller %(about)s'), ('end_user_placed', 'Moved the end user %(about)s')], max_length=20),
        ),
    ]
