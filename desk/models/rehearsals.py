"""Trials of a policy value on past requests, run by a worker, and the requests whose result would have been different."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models import DatedValue
from tickets.models import Ticket


class Rehearsal(DatedValue):
    """A trial of a value, which need not exist yet, on past requests: each is judged again, the newest first. Counts grow meanwhile."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    posted = models.JSONField(default=list)  # the submitted form that would add the value: [[name, text], …]
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # time of the last progress: the sweep queues stalled ones again
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(null=True, blank=True)  # number of requests; None until counted
    judged = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)  # cannot be judged again because their object has changed since
    money = models.JSONField(default=dict)  # {currency: additional charges, as text}
    reached = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", null=True, blank=True)  # the last one processed

    class Meta:
        indexes = [
            models.Index(fields=["moved_at"], condition=Q(finished_at=None), name="rehearsal_to_do"),
            models.Index(fields=["code", "-id"], name="rehearsal_by_code"),
        ]


class RehearsedRequest(models.Model):
    """A request whose verdict or charges would have been different: `before` and `after` are {outcome, costs, possible_from}."""

    class Effect(models.TextChoices):
        """The difference to the request, the least favourable first."""

        REFUSED = "refused", _("refused")
        LATER = "later", _("possible later")
        DEARER = "dearer", _("more expensive")
        REVIEW = "review", _("needs a review")
        OTHERWISE = "otherwise", _("judged for different reasons")
        NO_REVIEW = "no_review", _("needs no review")
        CHEAPER = "cheaper", _("cheaper")
        SOONER = "sooner", _("possible earlier")
        ALLOWED = "allowed", _("no longer refused")

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.PROTECT, related_name="changes")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", db_index=False)
    effect = models.CharField(max_length=10, choices=Effect.choices)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rehearsal", "ticket"], name="a_rehearsal_judges_a_request_once")]
        indexes = [models.Index(fields=["rehearsal", "effect", "-ticket"], name="rehearsed_by_effect")]

    def __str__(self):
        return f"{self.ticket_id} in {self.rehearsal_id}"
