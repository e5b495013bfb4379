import django.db.models.deletion
from django.db import migrations, models



KEEP = """
CREATE FUNCTION balances_follow_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO billing_balance AS kept (partner_id, amount)
  SELECT partner_id, sum(amount) FROM posted GROUP BY partner_id ORDER BY partner_id
  ON CONFLICT (partner_id) DO UPDATE SET amount = kept.amount + excluded.amount;
  RETURN NULL;
END $$;
LOCK TABLE billing_ledgerentry IN SHARE ROW EXCLUSIVE MODE;
CREATE TRIGGER balances_follow_the_ledger AFTER INSERT ON billing_ledgerentry
  REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION balances_follow_the_ledger();
INSERT INTO billing_balance (partner_id, amount) SELECT partner_id, sum(amount) FROM billing_ledgerentry GROUP BY partner_id;
"""
NO_MORE = """
DROP TRIGGER balances_follow_the_ledger ON billing_ledgerentry;
DROP FUNCTION balances_follow_the_ledger();
"""


class Migration(migrations.Migration):
    """The balance of each account is kept beside the ledger by the database. Postings wait for one sum over the ledger meanwhile."""

    dependencies = [("billing", "0005_the_ledger_by_time"), ("partners", "0005_company_events_are_append_only")]
    operations = [
        migrations.CreateModel(
            "Balance",
            [
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="balance",
                        serialize=False,
                        to="partners.partner",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={"ordering": ["partner"]},
        ),
        migrations.RunSQL(KEEP, NO_MORE),
    ]
