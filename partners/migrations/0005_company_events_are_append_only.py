from django.db import migrations

FORBID = """
CREATE FUNCTION company_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'What people did is written down once and never changed.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER company_events_are_append_only BEFORE UPDATE OR DELETE ON partners_companyevent
  FOR EACH ROW EXECUTE FUNCTION company_events_are_append_only();
"""
ALLOW = """
DROP TRIGGER company_events_are_append_only ON partners_companyevent;
DROP FUNCTION company_events_are_append_only();
"""


class Migration(migrations.Migration):
    """The list of who did what can be added to, never changed or shortened."""

    dependencies = [("partners", "0004_company_pages")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
