"""Rows: migrations are complete, every row that belongs to a partner can be restricted to the people who may see it."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from partners.access import OwnedQuerySet
from tests.house.files import APPS

# Rows of the agents' desk, which no partner ever reaches.
DESKS = {model.__name__ for model in apps.get_app_config("desk").get_models()}
# Rows that belong to no partner, or that reach people only through another row's page.
NOBODYS = {
    "Item",
    "PolicyValue",
    "Proposal",
    "User",
    "Session",
    "ApiToken",
    "IdempotencyRecord",
    "DeniedAttempt",
    "ArticleFeedback",
    *DESKS,
}
NOBODYS |= {"Mail", "InboundMail", "Trouble", "ImportRun", "Session"}


def rows():
    return [model for app in APPS if apps.is_installed(app) for model in apps.get_app_config(app).get_models()]


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("model", rows(), ids=lambda model: model.__name__)
def test_models_have_owned_querysets(model):
    if model.__name__ in NOBODYS:
        return
    assert isinstance(model._default_manager.all(), OwnedQuerySet), f"{model.__name__} needs owned(…), see partners/access.py"


@pytest.mark.parametrize("model", rows(), ids=lambda model: model.__name__)
def test_constraints_have_descriptive_names(model):
    for constraint in model._meta.constraints:
        assert "_" in constraint.name and not constraint.name.startswith(model.__name__.lower() + "_uniq"), constraint.name
        assert constraint.name == constraint.name.lower()


@pytest.mark.parametrize("model", rows(), ids=lambda model: model.__name__)
def test_deletion_cascades_only_to_a_users_own_rows(model):
    """Deletion cascades only from a user to rows that are that user's alone."""
    cascading = [f.name for f in model._meta.fields if isinstance(f, models.ForeignKey) and f.remote_field.on_delete is models.CASCADE]
    assert not cascading or model.__name__ in {"ApiToken", "IdempotencyRecord", "Session", "Subscription"}
