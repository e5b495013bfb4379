import django.db.models.deletion
from django.db import migrations, models

WAIT = "LOCK TABLE billing_ledgerentry IN SHARE ROW EXCLUSIVE MODE;"
FOLLOW = """
CREATE OR REPLACE FUNCTION balances_follow_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO billing_balance AS kept (partner_id, currency, amount)
  SELECT partner_id, currency, sum(amount) FROM posted GROUP BY partner_id, currency ORDER BY partner_id, currency
  ON CONFLICT (partner_id, currency) DO UPDATE SET amount = kept.amount + excluded.amount;
  RETURN NULL;
END $$;
"""
FILL = """
INSERT INTO billing_balance (partner_id, currency, amount)
SELECT partner_id, currency, sum(amount) FROM billing_ledgerentry GROUP BY partner_id, currency;
"""
GUARD = """
CREATE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON billing_ledgerentry FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE FUNCTION balances_are_not_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Balances follow the ledger: post an entry instead.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER balances_are_not_written BEFORE INSERT OR UPDATE OR DELETE ON billing_balance
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION balances_are_not_written();
CREATE TRIGGER balances_are_not_emptied BEFORE TRUNCATE ON billing_balance
  FOR EACH STATEMENT EXECUTE FUNCTION balances_are_not_written();
"""
OPEN = """
DROP TRIGGER balances_are_not_emptied ON billing_balance;
DROP TRIGGER balances_are_not_written ON billing_balance;
DROP FUNCTION balances_are_not_written();
DROP TRIGGER ledger_is_not_emptied ON billing_ledgerentry;
"""
ALL_IN_ONE = """
CREATE OR REPLACE FUNCTION balances_follow_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO billing_balance AS kept (partner_id, amount)
  SELECT partner_id, sum(amount) FROM posted GROUP BY partner_id ORDER BY partner_id
  ON CONFLICT (partner_id) DO UPDATE SET amount = kept.amount + excluded.amount;
  RETURN NULL;
END $$;
"""
FILL_IN_ONE = "INSERT INTO billing_balance (partner_id, amount) SELECT partner_id, sum(amount) FROM billing_ledgerentry GROUP BY partner_id;"


class Migration(migrations.Migration):
    """A balance for each currency; neither ledger nor balances are emptied. Postings wait for one sum over the ledger, reading does not."""

    dependencies = [("billing", "0006_balances")]
    operations = [
        migrations.RunSQL(WAIT, FILL_IN_ONE),
        migrations.DeleteModel("Balance"),
        migrations.CreateModel(
            "Balance",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(choices=[("USD", "Usd"), ("EUR", "Eur"), ("GBP", "Gbp")], max_length=3)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "partner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="balances", to="partners.partner"),
                ),
            ],
            options={
                "ordering": ["partner", "currency"],
                "constraints": [models.UniqueConstraint(fields=("partner", "currency"), name="a_currency_has_one_balance")],
            },
        ),
        migrations.RunSQL(FOLLOW + FILL, WAIT + ALL_IN_ONE),
        migrations.RunSQL(GUARD, OPEN),
    ]
