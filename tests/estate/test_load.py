"""The values that a load makes up are those that the clocks themselves would calculate."""

import pytest
from django.contrib.postgres.search import SearchQuery

from billing.models import Balance
from estate import load
from tests.billing.test_balance import wrong_balances
from tickets.models import Event, Ticket
from tickets.services import clocks


@pytest.mark.django_db(transaction=True)
def test_generated_clocks_match_the_calendars(cast, now):
    list(load.fill(400, now=now))
    assert wrong_balances() == [] and Balance.objects.exists()
    running = list(Ticket.objects.filter(status__in=("new", "open")).select_related("partner"))
    made_up = [(t.solve_due_at, t.due_at, t.sla_stamp) for t in running if t.priority == 2]
    for ticket in running:
        clocks.recalculate(ticket, at=now)
    assert made_up and made_up == [(t.solve_due_at, t.due_at, t.sla_stamp) for t in running if t.priority == 2]
    assert Ticket.objects.filter(outcome="executed", solve_minutes=None).count() == 0
    assert not Ticket.objects.filter(status__in=("pending", "on_hold", "solved", "closed"), due_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_generated_texts_match_the_search_index(cast, now):
    list(load.fill(400, now=now))
    for words, kept, column in (("zephyrville", False, "search"), ("warehouse", True, "search_internal")):
        found = set(Ticket.objects.filter(**{column: SearchQuery(words, config="english")}).values_list("pk", flat=True))
        said = set(Event.objects.filter(body__icontains=words, is_internal=kept).values_list("ticket", flat=True))
        assert found and found == said
