from django.db import migrations

# What people did before the columns were there: the last change of a reseller's address, and the last end user that was placed with it.
KNOWN = r"""
UPDATE partners_reseller r SET
  email_since = coalesce(r.email_since, (
    SELECT max(e.at) FROM partners_companyevent e WHERE e.partner_id = r.partner_id AND (
      e.kind = 'reseller_added' AND right(e.about, length(r.code) + 2) = '(' || r.code || ')'
      OR e.kind = 'reseller_changed' AND e.about = r.code
        AND substring(split_part(e.detail, ' → ', 1) FROM '[^ ]+@[^ ]+$')
          IS DISTINCT FROM substring(split_part(e.detail, ' → ', 2) FROM '[^ ]+@[^ ]+$')
    )
  )),
  joined_at = coalesce(r.joined_at, (
    SELECT max(e.at) FROM partners_companyevent e
    WHERE e.partner_id = r.partner_id AND e.kind = 'end_user_placed' AND right(e.detail, length(r.name) + 3) = ' → ' || r.name
  ))
WHERE EXISTS (SELECT 1 FROM partners_companyevent e WHERE e.partner_id = r.partner_id)
"""


class Migration(migrations.Migration):
    """In a transaction of its own: the one that adds the columns keeps everybody from reading the tables. What is filled in stays."""

    dependencies = [("partners", "0006_since_when_addresses_stand")]
    operations = [migrations.RunSQL(KNOWN, migrations.RunSQL.noop)]
