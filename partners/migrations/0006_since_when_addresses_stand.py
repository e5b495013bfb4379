from django.db import migrations, models


def since(name):
    return models.DateTimeField(blank=True, null=True, verbose_name=name)


class Migration(migrations.Migration):
    """Since when addresses stand (ORG-4); null is ever. Nullable columns without a default: no table is rewritten.

    The next migration fills them: what is locked here is locked against reading.
    """

    dependencies = [("partners", "0005_company_events_are_append_only")]
    operations = [
        migrations.AddField("partner", "billing_email_since", since("billing e-mail given")),
        migrations.AddField("reseller", "email_since", since("e-mail given")),
        migrations.AddField("reseller", "joined_at", since("last end user joined")),
        migrations.AddField("enduser", "email_since", since("e-mail given")),
    ]
