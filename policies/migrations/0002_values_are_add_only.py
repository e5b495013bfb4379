from django.db import migrations

FORBID = """
CREATE FUNCTION policy_values_are_add_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Policy values are added, never changed: add a new dated value instead.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER policy_values_are_add_only BEFORE UPDATE OR DELETE ON policies_policyvalue
  FOR EACH ROW EXECUTE FUNCTION policy_values_are_add_only();
"""
ALLOW = """
DROP TRIGGER policy_values_are_add_only ON policies_policyvalue;
DROP FUNCTION policy_values_are_add_only();
"""


class Migration(migrations.Migration):
    """Dated values can be added, never changed or deleted, whoever asks."""

    dependencies = [("policies", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
