"""The service level by the policy values (SLA): support calendars by region, and targets by type and priority. Pure."""

from policies.days import Duration
from tickets.models import Ticket
from tickets.sla import Calendar

PRIORITIES = {Ticket.Priority.CRITICAL: "critical", Ticket.Priority.STANDARD: "standard"}
CLOCKS = ("first", "next", "solution")
ANY = "*"


class Promises:
    """The service level of one PolicyBook. `stamp` counts the values it is based on, to detect older calculations."""

    def __init__(self, book, stamp=0):
        self.book = book
        self.stamp = stamp
        days = frozenset(book.value("sla.support_days"))
        hours, holidays = book.value("sla.support_hours"), dict(book.value("sla.holidays"))
        self.calendars = {
            region: Calendar(zone, days, hours.start, hours.end, holidays.get(region, "")) for region, zone in book.value("sla.calendars")
        }
        usual = {
            ("critical", ANY): Duration(book.value("sla.critical_first_answer_minutes"), "minute"),
            ("standard", ANY): book.value("sla.standard_first_answer_days"),
        }
        self._targets = {
            "first": usual | _by_type(book.value("sla.first_answer")),
            "next": _by_type(book.value("sla.next_answer")),
            "solution": _by_type(book.value("sla.solution")),
        }

    def calendar(self, region):
        """Return the Calendar of a partner's region, or the first one if the region has none."""
        return self.calendars.get(region) or next(iter(self.calendars.values()))

    def target(self, clock, ticket):
        """Return the target of a clock ("first", "next", "solution") for this ticket as a Duration, or None."""
        targets, priority = self._targets[clock], PRIORITIES[ticket.priority]
        return targets.get((priority, ticket.type_code)) or targets.get((priority, ANY))


def _by_type(rows):
    return {(priority, code): target for priority, code, target in rows}
