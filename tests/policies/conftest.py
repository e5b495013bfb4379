"""People for the policy tests: a second administrator, an agent, a partner's contact; and a helper to write dated values."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from partners.models import Partner, User


@pytest.fixture
def agent(db):
    return User.objects.create_user("ann@careline.example", full_name="Ann Agent", role="agent")


@pytest.fixture
def second(db):
    """Another administrator than `admin`."""
    return User.objects.create_user("bea@careline.example", full_name="Bea Second", role="admin")


@pytest.fixture
def contact(db):
    partner = Partner.objects.create(code="P-NORD", name="Nord", country="DE", region="EU", currency="EUR")
    return User.objects.create_user("nina@nord.example", full_name="Nina Nord", partner=partner)


@pytest.fixture
def real_today():
    """The day on which pages and the API judge: they read the clock themselves."""
    return timezone.now().date()


@pytest.fixture
def tomorrow(real_today):
    return real_today + datetime.timedelta(days=1)


def overlay(code, valid_from, value, basis=""):
    """Return a dated value as the book expects it, without a database."""
    return SimpleNamespace(code=code, valid_from=valid_from, value=value, basis=basis)
