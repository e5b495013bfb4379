"""Plainer labels of company events and fields. Only Django's own state changes: no SQL is run and nothing is locked."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0013_names_by_their_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='companyevent',
            name='kind',
            field=models.CharField(choices=[('invited', 'Invited %(about)s'), ('invited_again', 'Sent a link to %(about)s'), ('withdrawn', 'Withdrew the invitation of %(about)s'), ('joined', '%(about)s accepted the invitation'), ('changed', 'Changed the details of %(about)s'), ('access_ended', 'Ended the access of %(about)s'), ('access_given', 'Restored the access of %(about)s'), ('token_made', 'Created the API token %(about)s'), ('token_revoked', 'Revoked the API token %(about)s'), ('webhook_added', 'Added the webhook %(about)s'), ('webhook_changed', 'Changed the events of the webhook %(about)s'), ('webhook_on', 'Switched on the webhook %(about)s'), ('webhook_off', 'Switched off the webhook %(about)s'), ('webhook_renewed', 'Generated a new secret for the webhook %(about)s'), ('webhook_deleted', 'Deleted the webhook %(about)s'), ('usage_reports', 'Switched usage reports %(about)s'), ('reseller_added', 'Added the reseller %(about)s'), ('reseller_changed', 'Changed the reseller %(about)s'), ('reseller_deleted', 'Deleted the reseller %(about)s'), ('end_user_placed', 'Moved the end user %(about)s')], max_length=20),
        ),
        migrations.AlterField(
            model_name='enduser',
            name='email_since',
            field=models.DateTimeField(blank=True, null=True, verbose_name='e-mail set at'),
        ),
        migrations.AlterField(
            model_name='partner',
            name='billing_email_since',
            field=models.DateTimeField(blank=True, null=True, verbose_name='billing e-mail set at'),
        ),
        migrations.AlterField(
            model_name='partner',
            name='usage_reports',
            field=models.BooleanField(db_default=True, default=True, verbose_name='receives monthly usage reports'),
        ),
        migrations.AlterField(
            model_name='reseller',
            name='email_since',
            field=models.DateTimeField(blank=True, null=True, verbose_name='e-mail set at'),
        ),
        migrations.AlterField(
            model_name='user',
            name='date_joined',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='joined'),
        ),
    ]
