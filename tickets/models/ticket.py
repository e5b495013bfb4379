"""The ticket: one typed request of one partner."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.access import owned
from partners.models import Partner
from policies.models import PolicyValue
from tickets.models.clocks import Clocks

RUNNING_STATUSES = ["new", "open", "pending", "on_hold"]
RUNNING = Q(status__in=RUNNING_STATUSES)
NEVER = Q(number__lt=0)  # no ticket
# Tickets an agent has to review before execution and can review now, so not those waiting for partner, carrier or parties.
TO_REVIEW = Q(status__in=["new", "open"], verdict__outcome="needs_review")
LATE = Q(first_is_late=True) | Q(next_is_late=True) | Q(solution_is_late=True)
# The long columns, which lists defer.
LONG = ("answers", "verdict", "execution_verdict", "search", "search_internal", "pauses")
SNOOZED = Q(snoozed_until__isnull=False)
CARRIED_OUT = ("executed", "declined")
REPORTED = ["type_code", "topic", "partner", "assignee", "outcome", "first_minutes", "solve_minutes"]
REPORTED += ["first_is_late", "next_is_late", "solution_is_late", "reopened", "is_satisfied"]


def awake(at):
    """Return the condition for tickets that are not snoozed beyond this moment."""
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=at)


def long_columns(path="", *, but=()):
    """Return the names of the long columns (except `but`) of the ticket at the lookup `path`, for defer()."""
    return [path + name for name in LONG if name not in but]


def _view(name, condition, *first):
    """Return the index for a view of the desk."""
    return models.Index(fields=[*first, "-updated_at", "-number"], include=["snoozed_until"], condition=condition, name=name)


class Ticket(Clocks):
    """A typed request with its `answers`, its `verdict` and its progress."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        OPEN = "open", _("Open")
        PENDING = "pending", _("Waiting for partner")
        ON_HOLD = "on_hold", _("On hold")
        SOLVED = "solved", _("Solved")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        EXECUTED = "executed", _("Executed")
        DECLINED = "declined", _("Declined")  # executed, but somebody else (the carrier) did not grant it
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ANSWERED = "answered", _("Answered")
        MERGED = "merged", _("Merged")

    class Execution(models.TextChoices):
        """The state of the execution; the sweep looks for `requested`: promised and committed, but not done yet."""

        NONE = "", _("not asked for")
        REQUESTED = "requested", _("being executed")
        DONE = "done", _("executed")
        REFUSED = "refused", _("no longer possible")
        FAILED = "failed", _("failed")

    class WaitingFor(models.TextChoices):
        NOBODY = "", _("care team")
        PARTNER = "partner", _("partner")
        CARRIER = "carrier", _("carrier")
        WAREHOUSE = "warehouse", _("warehouse")
        PARTIES = "parties", _("the parties’ confirmations")

    class Reason(models.TextChoices):
        NOT_POSSIBLE = "not_possible", _("Not possible under the policies")
        UNJUSTIFIED = "unjustified", _("No justification was given")
        INCOMPLETE = "incomplete", _("Information is missing")
        DECLINED = "declined", _("A party declined")
        DUPLICATE = "duplicate", _("Duplicate of another request")
        OTHER = "other", _("Other reason, see the message")

    class Priority(models.IntegerChoices):
        CRITICAL = 1, _("Critical")
        STANDARD = 2, _("Standard")

    number = models.BigAutoField(_("number"), primary_key=True)
    type_code = models.CharField(_("type"), max_length=40)
    topic = models.CharField(_("topic"), max_length=20)
    subject = models.CharField(_("subject"), max_length=300)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.NEW)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    waiting_for = models.CharField(_("waiting for"), max_length=10, choices=WaitingFor.choices, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.STANDARD)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="tickets")
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requests")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assigned_tickets", null=True, blank=True)
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), db_default=[], default=list, blank=True)
    # A merged ticket continues in another one; clearing this undoes the merge (services.merging).
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged", null=True, blank=True, db_index=False)
    # Hidden from the working views until then, for staff only; views compare it with the clock, the sweep clears it afterwards.
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    # In the form's input format: the same form reads them again at execution.
    answers = models.JSONField(default=dict)
    verdict = models.JSONField(default=dict)
    # A request is judged by the values in force on the day it was submitted, whenever it is executed.
    policy_on = models.DateField(_("policy date"))
    execution = models.CharField(_("execution"), max_length=10, choices=Execution.choices, blank=True)
    execution_requested_at = models.DateTimeField(null=True, blank=True)
    execution_requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    execution_attempts = models.PositiveSmallIntegerField(default=0)
    execution_verdict = models.JSONField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    # The form's idempotency key: the same form sent twice creates one ticket.
    submission_key = models.UUIDField(null=True, blank=True, editable=False)
    # For partners and staff: subject, answers, messages, file names. `search_internal` is for staff only: notes and their files.
    search = SearchVectorField(null=True, editable=False)
    search_internal = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))
    solved_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), db_default=0, default=0)
    # The partner's rating, asked for once the ticket is solved.
    is_satisfied = models.BooleanField(_("satisfied"), null=True, blank=True)
    satisfaction_note = models.CharField(_("what could have been better"), max_length=1000, db_default="", default="", blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)

    objects = owned("partner")

    class Meta:
        ordering = ["-updated_at", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["requester", "submission_key"], name="a_form_makes_one_ticket"),
            models.CheckConstraint(
                condition=Q(status__in=["solved", "closed"]) | Q(outcome=""), name="only_a_solved_ticket_has_an_outcome"
            ),
            models.CheckConstraint(condition=~Q(outcome="rejected") | ~Q(reason=""), name="a_rejection_has_a_reason"),
            models.CheckConstraint(condition=RUNNING | ~SNOOZED, name="only_a_running_ticket_is_snoozed"),
        ]
        indexes = [
            # The desk's views, each in its reading order; tickets that are over, 90 % of a large table, are in none of them. They
            # include snoozed_until, so that tickets not snoozed can be counted from the index alone.
            _view("ticket_running", RUNNING),
            _view("ticket_unassigned", RUNNING & Q(assignee=None)),
            _view("ticket_review", TO_REVIEW),
            _view("ticket_waiting", Q(status__in=["pending", "on_hold"])),
            _view("ticket_running_of_assignee", RUNNING, "assignee"),
            _view("ticket_running_of_topic", RUNNING, "topic"),
            _view("ticket_waiting_for", ~Q(waiting_for=""), "waiting_for"),
            models.Index(fields=["snoozed_until", "number"], condition=SNOOZED, name="ticket_snoozed"),
            models.Index(fields=["-updated_at", "-number"], condition=Q(execution__in=["refused", "failed"]), name="ticket_not_executed"),
            models.Index(fields=["status", "-updated_at", "-number"], name="ticket_queue"),
            models.Index(fields=["-updated_at", "-number"], name="ticket_all"),
            models.Index(fields=["-created_at", "-number"], name="ticket_newest"),
            models.Index(fields=["partner", "-updated_at", "-number"], name="ticket_of_partner"),
            models.Index(fields=["type_code", "-updated_at", "-number"], name="ticket_of_type"),
            models.Index(fields=["topic", "-updated_at", "-number"], name="ticket_of_topic"),
            models.Index(fields=["execution_requested_at"], condition=Q(execution="requested"), name="ticket_to_execute"),
            models.Index(fields=["due_at", "number"], condition=RUNNING & Q(due_at__isnull=False), name="ticket_due"),
            models.Index(fields=["priority", "number"], condition=RUNNING, name="ticket_by_priority"),
            models.Index(fields=["sla_stamp", "number"], condition=RUNNING, name="ticket_stale"),
            models.Index(fields=["solved_at"], condition=Q(status="solved"), name="ticket_to_close"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="ticket_merged"),
            # My day: due tickets and those awaiting an answer, by agent; counted from the index alone.
            models.Index(
                fields=["assignee", "due_at"],
                include=["number"],
                condition=RUNNING & Q(due_at__isnull=False),
                name="ticket_due_of_assignee",
            ),
            models.Index(
                fields=["assignee", "awaiting_since"],
                include=["number", "snoozed_until"],
                condition=RUNNING & Q(awaiting_since__isnull=False),
                name="ticket_awaiting",
            ),
            # Reports read a period from this index alone; the small ones after it serve the lists that their numbers link to.
            models.Index(fields=["created_at"], include=REPORTED, name="ticket_in_reports"),
            models.Index(fields=["created_at"], condition=Q(outcome="rejected"), name="ticket_rejected"),
            models.Index(fields=["created_at"], condition=Q(is_satisfied__isnull=False), name="ticket_rated"),
            models.Index(fields=["created_at"], condition=Q(reopened__gt=0), name="ticket_reopened"),
            models.Index(fields=["created_at"], condition=LATE, name="ticket_late"),
            GinIndex(fields=["tags"], condition=~Q(tags=[]), name="ticket_of_tag"),
            GinIndex(fields=["search"], name="ticket_search"),
            models.Index(fields=["priority", "number"], name="ticket_priority"),
            models.Index(fields=["partner", "-updated_at", "-number"], condition=RUNNING, name="ticket_running_of_partner"),
            GinIndex(fields=["search_internal"], condition=Q(search_internal__isnull=False), name="ticket_search_internal"),
        ]

    def __str__(self):
        return f"#{self.number} {self.subject}"

    @property
    def source(self):
        """Return how ledger entries and domain rows refer to this ticket as their cause."""
        return f"ticket:{self.number}"

    def policy_book(self):
        """Return the PolicyBook it is always judged by: the values of its day, as known at submission (0311). One query."""
        return PolicyValue.objects.book(on=self.policy_on, known_at=self.created_at)

    @property
    def is_over(self):
        return self.status in (self.Status.SOLVED, self.Status.CLOSED)

    @property
    def has_lost_its_requester(self):
        """Return whether the contact who asked no longer has access: colleagues get the updates instead (decision 0397)."""
        return not self.requester.is_care and not self.requester.is_active

    @property
    def asks_opinion(self):
        """Return whether the partner is asked for a rating: for solved tickets, except withdrawn or merged ones."""
        return self.is_over and self.outcome != self.Outcome.WITHDRAWN and not self.merged_into_id

    @property
    def may_execute(self):
        """Return whether execution can be requested now, regardless of the verdict."""
        return not self.is_over and self.execution in (self.Execution.NONE, self.Execution.REFUSED, self.Execution.FAILED)
