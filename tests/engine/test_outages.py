"""PostgreSQL's own errors are recognised: what passes by itself, and what has overtaken a form."""

import pytest
from django.db import DatabaseError, connection, connections, transaction

from engine.outages import is_busy, is_overtaken, is_unavailable

KINDS = (is_unavailable, is_busy, is_overtaken)
STATES = dict.fromkeys(("08006", "57P01", "53300", "25P03", "25006", "53100"), is_unavailable)
STATES |= dict.fromkeys(("55P03", "57014", "40P01"), is_busy)
STATES |= dict.fromkeys(("23505", "23503"), is_overtaken) | {"23514": None, "22012": None}


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_error_is_of_its_kind_only(state, monkeypatch):
    monkeypatch.setattr(connections["default"], "close_at", None)
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{state}'; END $$")
    assert [kind for kind in KINDS if kind(raised.value)] == [kind for kind in [STATES[state]] if kind]
