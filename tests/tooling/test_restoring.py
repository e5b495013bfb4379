"""The steps that docs/operating.md prescribes for a restored database."""

import re

import pytest
from django.conf import settings
from django.db import connection

from tests.tickets.actions import ask
from tickets.models import Mail

pytestmark = pytest.mark.django_db
SQL = re.compile(r'psql -qU careline careline -c "(.+)"')


@pytest.fixture
def sequences():
    """Reset them afterwards: they are not part of a test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        before = cursor.fetchall()
        yield
        for name, value in before:
            cursor.execute("SELECT setval(%s::regclass, %s)", [name, value])


def test_restored_database_does_not_reuse_known_numbers(cast, now, sequences):
    question = {"topic": "General", "subject": "A case", "message": "Is there a case that can be washed?"}
    before = ask(cast.nora, "general_question", now, **question)
    mail = Mail.objects.latest("pk").pk
    (sql,) = SQL.findall((settings.BASE_DIR / "docs" / "operating.md").read_text(encoding="utf-8"))
    with connection.cursor() as cursor:
        cursor.execute(sql)
    after = ask(cast.nora, "general_question", now, **question)
    assert after.pk > before.pk + 100_000
    assert after.events.earliest("pk").pk > before.events.latest("pk").pk + 100_000
    assert after.mails.earliest("pk").pk > mail + 100_000
