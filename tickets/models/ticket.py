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
# What a person has to look at before it is executed, and can: not what a partner, a carrier or the parties are waited for.
TO_REVIEW = Q(status__in=["new", "open"], verdict__outcome="needs_review")
LATE = Q(first_is_late=True) | Q(next_is_late=True) | Q(solution_is_late=True)
# What makes a row long. Lists do without it.
LONG = ("answers", "verdict", "execution_verdict", "search", "search_internal", "pauses")
SNOOZED = Q(snoozed_until__isnull=False)
CARRIED_OUT = ("executed", "declined")
REPORTED = ["type_code", "topic", "partner", "assignee", "outcome", "first_minutes", "solve_minutes"]
REPORTED += ["first_is_late", "next_is_late", "solution_is_late", "reopened", "is_satisfied"]


def awake(at):
    """The tickets that nobody has put off until later than this moment."""
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=at)


def long_columns(path="", *, but=()):
    """The names of the long columns (`but` these) of the ticket that is found along `path`, for defer()."""
    return [path + name for name in LONG if name not in but]


def _view(name, condition, *first):
    """The index of a view of the desk."""
    return models.Index(fields=[*first, "-updated_at", "-number"], include=["snoozed_until"], condition=condition, name=name)


class Ticket(Clocks):
    """A typed request, what was asked (`answers`), how it was judged (`verdict`) and what has become of it."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        OPEN = "open", _("Open")
        PENDING = "pending", _("Waiting for partner")
        ON_HOLD = "on_hold", _("On hold")
        SOLVED = "solved", _("Solved")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        EXECUTED = "executed", _("Executed")
        DECLINED = "declined", _("Declined")  # carried out, and somebody else (the carrier) did not grant what was wished
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ANSWERED = "answered", _("Answered")
        MERGED = "merged", _("Merged")

    class Execution(models.TextChoices):
        """Where carrying out stands; `requested` is what the sweep looks for: a committed promise not yet kept."""

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
        OTHER = "other", _("Another reason, see the message")

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
    # What was merged lives on in another ticket; undone by taking this away (services.merging).
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged", null=True, blank=True, db_index=False)
    # Out of the working views until then, for colleagues only; views compare it with the clock, the sweep takes it away afterwards.
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    # As the form takes them: the same form reads them again at execution.
    answers = models.JSONField(default=dict)
    verdict = models.JSONField(default=dict)
    # A request is judged by the values in force on the day it was submitted, whenever it is executed.
    policy_on = models.DateField(_("judged by the policies of"))
    execution = models.CharField(_("execution"), max_length=10, choices=Execution.choices, blank=True)
    execution_requested_at = models.DateTimeField(null=True, blank=True)
    execution_requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    execution_attempts = models.PositiveSmallIntegerField(default=0)
    execution_verdict = models.JSONField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    # The form's own key: the same form sent twice makes one ticket.
    submission_key = models.UUIDField(null=True, blank=True, editable=False)
    # What partners may find: subject, answers, messages, names of files. And what only the care team finds: notes and their files.
    search = SearchVectorField(null=True, editable=False)
    search_internal = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))
    solved_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), db_default=0, default=0)
    # What the partner thought of how it went, asked once it is solved.
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
            # The desk's views, each in the order it is read; what is over, nine tenths of a large table, is in none of them. They hold
            # until when a ticket is snoozed, so that what is awake can be counted by them alone.
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
            # My day: what is due and who waits for an answer, agent by agent; counted without a look at the tickets.
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
            # Reports read a period of this index and no ticket; the small ones behind it serve the lists their numbers link to.
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
        """How ledger entries and domain rows name this ticket as their cause."""
        return f"ticket:{self.number}"

    def policy_book(self):
        """The PolicyBook by which it is judged however late: that of its day, as it was when it was submitted (0311). One query."""
        return PolicyValue.objects.book(on=self.policy_on, known_at=self.created_at)

    @property
    def is_over(self):
        return self.status in (self.Status.SOLVED, self.Status.CLOSED)

    @property
    def asks_opinion(self):
        """Whether the partner is asked how it went: about what was solved, not about what it took back itself."""
        return self.is_over and self.outcome != self.Outcome.WITHDRAWN and not self.merged_into_id

    @property
    def may_execute(self):
        """Whether carrying out can be asked for now (the verdict has its own say)."""
        return not self.is_over and self.execution in (self.Execution.NONE, self.Execution.REFUSED, self.Execution.FAILED)
