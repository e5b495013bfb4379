from django.db import migrations, models

# What people did before this release: the last change of a reseller's address, and the last end user that was placed with it.
KNOWN = r"""
UPDATE partners_reseller r SET
  email_since = (
    SELECT max(e.at) FROM partners_companyevent e WHERE e.partner_id = r.partner_id AND (
      e.kind = 'reseller_added' AND right(e.about, length(r.code) + 2) = '(' || r.code || ')'
      OR e.kind = 'reseller_changed' AND e.about = r.code
        AND substring(split_part(e.detail, ' → ', 1) FROM '[^ ]+@[^ ]+$')
          IS DISTINCT FROM substring(split_part(e.detail, ' → ', 2) FROM '[^ ]+@[^ ]+$')
    )
  ),
  joined_at = (
    SELECT max(e.at) FROM partners_companyevent e
    WHERE e.partner_id = r.partner_id AND e.kind = 'end_user_placed' AND right(e.detail, length(r.name) + 3) = ' → ' || r.name
  )
WHERE EXISTS (SELECT 1 FROM partners_companyevent e WHERE e.partner_id = r.partner_id)
"""


def since(name):
    return models.DateTimeField(blank=True, null=True, verbose_name=name)


class Migration(migrations.Migration):
    """Since when addresses stand (ORG-4); null is ever. Nullable columns without a default: no table is rewritten."""

    dependencies = [("partners", "0005_company_events_are_append_only")]
    operations = [
        migrations.AddField("partner", "billing_email_since", since("billing e-mail given")),
        migrations.AddField("reseller", "email_since", since("e-mail given")),
        migrations.AddField("reseller", "joined_at", since("last end user joined")),
        migrations.AddField("enduser", "email_since", since("e-mail given")),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
