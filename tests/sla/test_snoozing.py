"""How long a ticket can be snoozed, by the support calendar of its partner's region."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from tests.sla.test_clocks import utc
from tickets import snoozing
from tickets.services import clocks, lifecycle
from tickets.services.snoozing import snooze

pytestmark = pytest.mark.django_db
FRIDAY = {"later": "20 Nov 17:00", "tomorrow": "21 Nov 09:00", "workday": "23 Nov 09:00", "monday": "23 Nov 09:00", "week": "27 Nov 09:00"}
CHOICES = {
    ("EU", "2026-11-20T13:00:30Z"): FRIDAY,
    ("EU", "2026-11-20T15:00:00Z"): FRIDAY | {"later": "23 Nov 10:00"},
    ("US", "2026-11-25T22:30:00Z"): {"later": "27 Nov 11:30", "tomorrow": "26 Nov 09:00", "workday": "27 Nov 09:00"}
    | {"monday": "30 Nov 09:00", "week": "02 Dec 09:00"},
    ("EU", "2026-12-07T23:30:00Z"): {"later": "09 Dec 12:00", "tomorrow": "09 Dec 09:00", "workday": "09 Dec 09:00"}
    | {"monday": "14 Dec 09:00", "week": "15 Dec 09:00"},
}


@pytest.mark.parametrize(("region", "at"), CHOICES)
def test_snooze_choices_follow_the_regions_hours_and_holidays(region, at):
    promised = clocks.promises(datetime.datetime.fromisoformat(at))
    found = snoozing.moments(promised, region, datetime.datetime.fromisoformat(at))
    zone = promised.calendar(region).zone
    assert {choice: f"{moment.astimezone(zone):%d %b %H:%M}" for choice, moment in found.items()} == CHOICES[region, at]
    assert list(found.values()) == sorted(found.values())


def test_snooze_day_starts_when_support_opens_and_is_within_a_year(now):
    def on(day):
        return snoozing.on_day(clocks.promises(now), "EU", datetime.date.fromisoformat(day), now)

    assert on("2026-11-23") == utc("23 08:00") and on("2026-11-21") == utc("23 08:00"), "a Saturday is no day of work"
    assert on("2027-11-17")
    for day in ("2026-11-18", "2026-11-17", "0001-01-01", "2027-11-19", "9999-12-31"):
        with pytest.raises(ValidationError):
            on(day)


@pytest.mark.parametrize("kind", ["applied", "refused", "failed", "step"])
def test_progress_of_the_request_ends_a_snooze(kind, cast, now, ticket):
    snooze(ticket.pk, utc("23 08:00"), actor=cast.agent, at=now)
    with transaction.atomic():
        lifecycle.record(lifecycle.lock(ticket.pk), kind, at=now, internal=True)
    ticket.refresh_from_db()
    assert ticket.snoozed_until == now, "the sweep wakes it and notifies the owner"
