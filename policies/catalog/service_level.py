"""Values that govern how fast an answer comes: support hours, calendars, first answers."""

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.catalog.regions import REGIONS
from policies.tables import Table, WindowUnit
from policies.units import COUNT, Choice, DurationUnit, TimeZone, Words

SLA = "Whats is the Wildix SLA?"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ENTRIES = (
    policy(
        "sla.support_days", Words(of=WEEKDAYS), list(WEEKDAYS[:5]), _("Support works on these days: {value}."), rule="SLA-1", article=SLA
    ),
    policy(
        "sla.support_hours",
        WindowUnit(),
        "09:00–18:00",
        _("Support works at {value} in the partner's support calendar."),
        rule="SLA-1",
        article=SLA,
    ),
    policy(
        "sla.calendars",
        Table(((_("region"), Choice(REGIONS)), (_("time zone"), TimeZone())), words="{0} {1}"),
        [["US", "America/New_York"], ["UK", "Europe/Rome"], ["EU", "Europe/Rome"], ["OTHER", "Europe/Rome"]],
        _("The support calendar of a partner follows the time zone of its region: {value}."),
        rule="SLA-1",
        article=SLA,
    ),
    policy(
        "sla.critical_first_answer_minutes",
        COUNT,
        "30",
        _("A critical ticket gets its first answer within {value} minutes of support hours."),
        rule="SLA-2",
        article=SLA,
    ),
    policy(
        "sla.standard_first_answer_days",
        DurationUnit("business day"),
        "1 business day",
        _("Other tickets get their first answer within {value}, counting the day they come in when that is within support hours."),
        rule="SLA-3",
        article=SLA,
    ),
    policy(
        "sla.soon_hours",
        COUNT,
        "4",
        _("A ticket that has to be answered within {value} hours stands among those that are due soon."),
        rule="SLA-1",
        article=SLA,
        assumed=True,
    ),
)
