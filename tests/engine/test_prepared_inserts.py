"""A new row with a prebuilt INSERT equals the row that save() writes, and never replaces another."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import TextField, Value

from engine.prepared_inserts import PreparedInsert
from engine.prepared_queries import Parameter
from tests.tickets.actions import ask
from tickets.models import Event, Mail, Ticket
from tickets.services import search_index


def columns(row):
    """Return all columns of a row except its key."""
    found = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name != row._meta.pk.attname}


def tickets(cast, now):
    """Return the same ticket twice, with lists, JSON, datetimes and null values."""
    said = {"subject": "100% \\ \"quoted\" 'so'", "answers": {"dids": ["+39 1"], "none": None}, "tags": ["a", "b,{c}"], "created_at": now}
    about = {"type_code": "did_cancel", "partner": cast.nord, "requester": cast.nora, "verdict": {}, "policy_on": now.date()}
    return [Ticket(updated_at=now, pauses=[["a", None]], **said, **about) for _ in range(2)]


def test_insert_equals_the_row_written_by_save(cast, now):
    write = PreparedInsert(Ticket, search=search_index.first_words(Parameter("subject", TextField()), Parameter("words", TextField())))
    for words in ("An office in Rome has moved", "100%s %(of)s %", ""):
        plain, prepared = tickets(cast, now)
        plain.search = search_index.first_words(Value("One; two"), Value(words))
        plain.save(force_insert=True)
        assert write(prepared, subject="One; two", words=words) is prepared
        assert columns(prepared) == columns(plain) and prepared.pk > plain.pk
        assert not prepared._state.adding and prepared._state.db == "default"
        found = Ticket.objects.get(pk=prepared.pk)
        assert (found.answers["none"], found.tags, found.assignee) == (None, ["a", "b,{c}"], None)


def test_existing_row_is_left_unchanged(cast, now):
    write = PreparedInsert(Mail, once=True)
    first, again = (Mail(key="one", kind=kind, to="a@b.example", created_at=now) for kind in ("submitted", "progress"))
    assert write(first).pk and write(again).pk is None and again._state.adding
    kept = Mail.objects.get(key="one")
    assert (kept.kind, kept.error, kept.data) == ("submitted", "", {})
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedInsert(Mail)(Mail(key="one", kind="progress", to="a@b.example", created_at=now))


def test_repeated_inserts_share_one_prepared_plan(cast, now):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    write = PreparedInsert(Event)
    bodies = [f"{number} %s" for number in range(9)]
    written = [write(Event(ticket=ticket, kind=Event.Kind.NOTE, actor=cast.agent, at=now, body=body, is_internal=True)) for body in bodies]
    assert list(Event.objects.filter(pk__in=[event.pk for event in written]).order_by("pk").values_list("body", flat=True)) == bodies
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT INTO \"tickets_event\"%'")
        assert cursor.fetchone()[0] >= 1
