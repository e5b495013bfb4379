"""While a database is migrated the previous version is running, and continues until all of it is replaced (docs/decisions/0400)."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader

from estate.tables import TABLES

# From the first weeks, when nothing was installed.
BEFORE = {
    ("billing", "0007_balances_by_currency"),
    ("hwaas", "0003_delivery_quotes"),
    ("partners", "0003_addresses"),
    ("pbx", "0003_console_renewal_and_moves"),
    ("tickets", "0004_credits_and_answers"),
}
TAKEN_AWAY = (operations.RenameField, operations.RenameModel, operations.AlterModelTable, operations.RemoveField, operations.DeleteModel)


def breaking_operations(migration):
    """Yield the parts of a migration that would break the running previous version."""
    made = {operation.name_lower for operation in migration.operations if isinstance(operation, operations.CreateModel)}
    for operation in _in_the_database(migration.operations):
        if isinstance(operation, TAKEN_AWAY):
            yield f"{operation.describe()}: it is read still. What is not used any more goes with the version after."
        elif isinstance(operation, operations.AddField) and operation.model_name_lower not in made and _requires_a_value(operation.field):
            yield f"{operation.describe()}: rows are added without it still. Give it a db_default, or null=True."


def _in_the_database(found):
    for operation in found:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _in_the_database(operation.database_operations)
        else:
            yield operation


def _requires_a_value(field):
    return not (field.null or field.many_to_many or field.has_db_default())


def own_migrations():
    labels = {config.label for config in apps.get_app_configs() if (settings.BASE_DIR / config.label / "migrations").is_dir()}
    return {key: migration for key, migration in MigrationLoader(None).disk_migrations.items() if key[0] in labels}


def test_previous_version_works_with_the_migrated_database():
    assert {
        key: found for key, migration in own_migrations().items() if (found := list(breaking_operations(migration))) and key not in BEFORE
    } == {}


@pytest.mark.parametrize("key", sorted(BEFORE))
def test_breaking_migrations_are_detected(key):
    assert list(breaking_operations(own_migrations()[key]))


def test_import_and_memory_know_the_defaults_of_imported_tables():
    """An import writes the default of a field that its files do not have, and rules read it from rows that were never saved."""
    fields = {field for table in TABLES for field in table.model._meta.concrete_fields}
    unknown = {str(field) for field in fields if field.has_db_default() and not field.has_default()}
    assert unknown == set(), "give these fields a default beside their db_default"
