"""When a ticket has to be answered and solved (SLA): the columns of a ticket that its clocks are read from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Clocks(models.Model):
    """Three clocks: the first answer, the next answer to what the partner wrote last, and the solution.

    Each due time follows from when its clock began, its target, the partner's calendar and `pauses`, all of which are kept:
    so it is worked out anew, never added to, when a target, a calendar or the priority changes.
    """

    # When nobody had answered yet; minutes are of business time, for the reports.
    first_due_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    first_minutes = models.PositiveIntegerField(null=True, blank=True)
    # The oldest word of the partner that has no answer yet.
    awaiting_since = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    # The solution's clock begins with the ticket, and anew when it is reopened.
    solving_since = models.DateTimeField(null=True, blank=True)
    solve_due_at = models.DateTimeField(null=True, blank=True)
    solve_minutes = models.PositiveIntegerField(null=True, blank=True)
    # [[from, until], ...] in ISO 8601, the last one open (until null) while the ticket waits for somebody else.
    pauses = models.JSONField(db_default=[], default=list, blank=True)
    # The earliest due time of a clock that runs; none while all stand still. What the queue shows and sorts by.
    due_at = models.DateTimeField(null=True, blank=True)
    # For which due time the notice before a breach has been given.
    warned_for = models.DateTimeField(null=True, blank=True)
    # Which clocks were met too late: "first", "next", "solution", for the reports.
    first_is_late = models.BooleanField(db_default=False, default=False)
    next_is_late = models.BooleanField(db_default=False, default=False)
    solution_is_late = models.BooleanField(_("solved late"), db_default=False, default=False)
    # By how many added service level values it was worked out; the sweep does so again when there are more. -1: not yet.
    sla_stamp = models.IntegerField(db_default=-1, default=-1)

    class Meta:
        abstract = True
