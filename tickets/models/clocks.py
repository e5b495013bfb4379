"""When a ticket has to be answered and solved (SLA): the columns that store its clocks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Clocks(models.Model):
    """Three clocks: the first answer, the next answer to the partner's latest message, and the solution.

    Each due time follows from the start of its clock, its target, the partner's calendar and `pauses`, all of which are stored:
    when a target, a calendar or the priority changes, it is recalculated, never incremented.
    """

    # The first answer. Minutes are business time, for the reports.
    first_due_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    first_minutes = models.PositiveIntegerField(null=True, blank=True)
    # Time of the partner's oldest unanswered message.
    awaiting_since = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    # The solution clock begins with the ticket and restarts when the ticket is reopened.
    solving_since = models.DateTimeField(null=True, blank=True)
    solve_due_at = models.DateTimeField(null=True, blank=True)
    solve_minutes = models.PositiveIntegerField(null=True, blank=True)
    # [[from, until], ...] in ISO 8601; the last one is open (until is null) while the ticket waits for somebody else.
    pauses = models.JSONField(db_default=[], default=list, blank=True)
    # The earliest due time of a running clock, or null while all are paused. The queue shows it and sorts by it.
    due_at = models.DateTimeField(null=True, blank=True)
    # The due time for which the warning before a breach has been sent.
    warned_for = models.DateTimeField(null=True, blank=True)
    # Which clocks were met too late, for the reports.
    first_is_late = models.BooleanField(db_default=False, default=False)
    next_is_late = models.BooleanField(db_default=False, default=False)
    solution_is_late = models.BooleanField(_("solved late"), db_default=False, default=False)
    # Number of service level values in force at the last calculation; the sweep recalculates when there are more. -1: not yet.
    sla_stamp = models.IntegerField(db_default=-1, default=-1)

    class Meta:
        abstract = True
