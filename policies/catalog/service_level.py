"""Values that govern the service level: support hours, calendars, answer times."""

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.catalog.regions import REGION
from policies.codes import WEEKDAYS, Choice, Code, Country, Weekdays
from policies.tables import Table, WindowUnit
from policies.units import COUNT, DurationUnit, Target, TimeZone

PRIORITIES = ("critical", "standard")
PRIORITY, KIND, TARGET = (_("priority"), Choice(PRIORITIES)), (_("type of request, or *"), Code()), (_("target"), Target())

ENTRIES = (
    policy("sla.support_days", Weekdays(), list(WEEKDAYS[:5]), _("Support is available on these days: {value}."), rule="SLA-1"),
    policy(
        "sla.support_hours",
        WindowUnit(),
        "09:00–18:00",
        _("Support hours in the partner’s support calendar: {value}."),
        rule="SLA-1",
    ),
    policy(
        "sla.calendars",
        Table(((_("region"), REGION), (_("time zone"), TimeZone())), words="{0}: {1}"),
        [["US", "America/New_York"], ["UK", "Europe/Rome"], ["EU", "Europe/Rome"], ["OTHER", "Europe/Rome"]],
        _("A partner’s support calendar follows the time zone of its region: {value}."),
        rule="SLA-1",
    ),
    policy(
        "sla.critical_first_answer_minutes",
        COUNT,
        "30",
        _("A critical ticket gets its first answer within {value} minutes of support hours."),
        rule="SLA-2",
    ),
    policy(
        "sla.standard_first_answer_days",
        DurationUnit("business day"),
        "1 business day",
        _("Other tickets get their first answer within {value}, counting the day they arrive if that is within support hours."),
        rule="SLA-3",
    ),
    policy(
        "sla.soon_hours",
        COUNT,
        "4",
        _("A ticket that must be answered within {value} hours counts as due soon."),
        rule="SLA-7",
        assumed=True,
    ),
    policy(
        "sla.snooze_hours",
        COUNT,
        "3",
        _("A ticket snoozed until “later” comes back after {value} hours of support time."),
        rule="SLA-7",
        assumed=True,
    ),
    policy(
        "sla.holidays",
        Table(((_("region"), REGION), (_("country"), Country())), words=_("{0}: those of {1}"), may_be_empty=True),
        [["US", "US"], ["UK", "GB"], ["EU", "IT"], ["OTHER", "IT"]],
        _("Support is closed on the public holidays of the partner’s region: {value}."),
        rule="SLA-1",
        assumed=True,
    ),
    policy(
        "sla.first_answer",
        Table((PRIORITY, KIND, TARGET), words="{0}, {1}: {2}", may_be_empty=True),
        [],
        _("Types of request with their own first-answer time: {value}."),
        rule="SLA-4",
        assumed=True,
    ),
    policy(
        "sla.next_answer",
        Table((PRIORITY, KIND, TARGET), words="{0}, {1}: {2}", may_be_empty=True),
        [["critical", "*", "1 hour"], ["standard", "*", "1 business day"]],
        _("A partner’s later messages are answered within this support time: {value}."),
        rule="SLA-5",
        assumed=True,
    ),
    policy(
        "sla.solution",
        Table((PRIORITY, KIND, TARGET), words="{0}, {1}: {2}", may_be_empty=True),
        [["critical", "*", "8 hours"], ["standard", "*", "5 business days"]],
        _("A ticket is solved within this support time, not counting time spent waiting for others: {value}."),
        rule="SLA-6",
        assumed=True,
    ),
    policy(
        "sla.notice_minutes",
        COUNT,
        "60",
        _("The owner of a ticket is notified when {value} minutes of support time or less remain."),
        rule="SLA-7",
        assumed=True,
    ),
    policy(
        "ticket.close_after",
        DurationUnit("day"),
        "7 days",
        _("A solved ticket is closed after {value}; until then, a message from the partner reopens it."),
        rule="SLA-8",
        assumed=True,
    ),
)
