"""Plain English labels: these operations change no column, so no table is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbound', '0001_inbound_mails'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='inboundmail',
            options={'ordering': ['-received_at', '-pk'], 'verbose_name': 'incoming e-mail', 'verbose_name_plural': 'incoming e-mails'},
        ),
        migrations.AlterField(
            model_name='inboundmail',
            name='outcome',
            field=models.CharField(blank=True, choices=[('taken', 'Added to the ticket'), ('refused', 'Returned with the reason'), ('unknown', 'Not a reply from a known user'), ('automatic', 'Automatic message'), ('returned', 'Delivery failure report'), ('twice', 'Duplicate'), ('too_many', 'Too many within an hour'), ('unreadable', 'Could not be read')], max_length=12, verbose_name='outcome'),
        ),
    ]
