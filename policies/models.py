"""Dated values that staff add on top of the catalogue, and proposed values waiting for approval."""

import json

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from policies.book import Overlay, PolicyBook
from policies.catalog import POLICIES
from policies.rulebook import RULES
from policies.timeline import timeline

BOOK = (
    "SELECT code, valid_from, value, basis FROM policies_policyvalue"
    " WHERE %s IN ('', code) AND (set_at <= %s::timestamptz OR valid_from > %s) ORDER BY set_at, id"
)


class PolicyValueQuerySet(models.QuerySet):
    def with_authors(self):
        """Return values in the order they were set, with their authors and approvers, as timelines need them."""
        return self.select_related("set_by", "proposal__decided_by").order_by("set_at", "pk")


class PolicyValues(models.Manager.from_queryset(PolicyValueQuerySet)):
    """The manager of added values: books for judging requests, timelines for viewing one policy."""

    def timeline(self, code, *, on):
        """Return the Timeline of the policy `code` on the date `on`. One query."""
        return timeline(code, self.filter(code=code).with_authors(), on)

    def book(self, *, on, code="", known_at="infinity"):
        """Return the PolicyBook for requests submitted on the date `on`, with all added values, or only those of one policy.

        For a request submitted at the moment `known_at` on that day, the book is as it was then: a value set later for the same day
        does not apply to it (decision 0311). One query, in plain SQL because every judgement runs it.
        """
        with connection.cursor() as cursor:
            cursor.execute(BOOK, [code, known_at, on])
            return PolicyBook(on, [Overlay(code, day, json.loads(value), basis) for code, day, value, basis in cursor.fetchall()])


class DatedValue(models.Model):
    """A value an administrator enters for a policy: its start date, the date at which it is read, and the reason."""

    code = models.CharField(_("policy"), max_length=80)
    valid_from = models.DateField(_("valid from"))
    value = models.JSONField(_("value"))
    basis = models.CharField(
        _("read at"),
        max_length=10,
        blank=True,
        choices=[("request", _("date of the request")), ("origin", _("origin of the thing judged"))],
    )
    note = models.CharField(_("note"), max_length=500)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.code} from {self.valid_from}"

    @property
    def shown(self):
        """Return the value in words."""
        return POLICIES[self.code].unit.show(self.value)


class PolicyValue(DatedValue):
    """One dated policy value: added by a named person with a note, never edited, never deleted."""

    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"), auto_now_add=True)

    objects = PolicyValues()

    class Meta:
        verbose_name = _("policy value")
        verbose_name_plural = _("policy values")
        ordering = ["code", "valid_from", "set_at"]
        indexes = [models.Index(fields=["code", "valid_from"], name="policy_value_by_code")]
        constraints = [
            models.CheckConstraint(condition=models.Q(basis__in=["", "request", "origin"]), name="a_policy_value_is_read_at_a_known_date"),
            models.CheckConstraint(condition=~models.Q(note=""), name="a_policy_value_has_a_note"),
        ]


class ProposalQuerySet(models.QuerySet):
    def open(self):
        """Return undecided proposals by start date, including those whose date has passed, which can only be closed."""
        return self.filter(outcome="").order_by("valid_from", "pk")

    def waiting_for(self, user, *, today):
        """Return proposals this administrator can approve: those of others whose start date has not passed."""
        return self.with_authors().open().filter(valid_from__gte=today).exclude(proposed_by=user)

    def with_authors(self):
        """Return proposals for existing policies, with their authors and deciders."""
        return self.filter(code__in=list(POLICIES)).select_related("proposed_by", "decided_by")


class Proposal(DatedValue):
    """A policy value proposed by one administrator: in no book until another approves it, which adds the PolicyValue `added`.

    It is decided once, recording who, when and why; neither the proposal nor the decision changes afterwards.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    outcome = models.CharField(_("outcome"), max_length=10, blank=True, choices=Outcome.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by"), null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    added = models.OneToOneField(PolicyValue, on_delete=models.PROTECT, related_name="proposal", null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed value")
        verbose_name_plural = _("proposed values")
        ordering = ["-proposed_at", "-pk"]
        indexes = [models.Index(fields=["code"], name="proposal_by_code")]
        constraints = [
            models.CheckConstraint(condition=models.Q(basis__in=["", "request", "origin"]), name="a_proposal_is_read_at_a_known_date"),
            models.CheckConstraint(condition=~models.Q(note=""), name="a_proposal_has_a_note"),
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_by=None, decided_at=None)
                | models.Q(outcome__in=["approved", "declined", "withdrawn"], decided_by__isnull=False, decided_at__isnull=False),
                name="a_decision_on_a_proposal_has_a_person_and_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="")
                | models.Q(outcome="withdrawn", decided_by=models.F("proposed_by"))
                | (models.Q(outcome__in=["approved", "declined"]) & ~models.Q(decided_by=models.F("proposed_by"))),
                name="a_second_person_decides_on_a_proposal",
            ),
            models.CheckConstraint(condition=~models.Q(outcome="declined", reason=""), name="a_proposal_is_declined_with_a_reason"),
            models.CheckConstraint(
                condition=models.Q(outcome="approved", added__isnull=False) | (~models.Q(outcome="approved") & models.Q(added=None)),
                name="an_approved_proposal_is_a_value",
            ),
            models.UniqueConstraint(
                fields=["code", "valid_from"], condition=models.Q(outcome=""), name="one_proposal_a_policy_and_day_is_open"
            ),
        ]

    @property
    def title(self):
        """Return the title of the policy's page: the title of its rule."""
        return RULES[POLICIES[self.code].rule].title

    def as_value(self):
        """Return the unsaved PolicyValue that approval adds."""
        return PolicyValue(
            code=self.code, valid_from=self.valid_from, value=self.value, basis=self.basis, note=self.note, set_by=self.proposed_by
        )
