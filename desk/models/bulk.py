"""One change to many tickets, done by a worker, with what each was like before so that it can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket


class BulkJob(models.Model):
    """What is done (`actions`, as macros have them) to the tickets that its BulkChange rows name."""

    class State(models.TextChoices):
        GATHERING = "gathering", _("being gathered")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    # The form's own key: the same form sent twice makes one job.
    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_jobs")
    title = models.CharField(_("title"), max_length=200)
    # Which tickets: the numbers that were ticked, or the query of the queue that was seen ("" where numbers are given).
    query = models.CharField(max_length=1000, blank=True)
    # The newest ticket that there was when it was foreseen: what has come since was not seen, and stays as it is.
    newest = models.BigIntegerField(null=True, blank=True)
    actions = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.GATHERING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # when it last got on: the sweep tells a job again that stands still
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["moved_at"], condition=Q(state__in=["gathering", "running", "undoing"]), name="bulk_job_to_do")]

    def __str__(self):
        return self.title


class BulkChange(models.Model):
    """One ticket of a job: `before` and `after` hold what was changed; nobody else's later change is undone with it."""

    job = models.ForeignKey(BulkJob, on_delete=models.PROTECT, related_name="changes")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["job", "ticket"], name="a_job_changes_a_ticket_once")]
        indexes = [
            models.Index(fields=["job", "id"], condition=Q(done_at__isnull=True), name="bulk_change_to_do"),
            models.Index(fields=["job", "id"], condition=Q(done_at__isnull=False, undone_at__isnull=True), name="bulk_change_to_undo"),
        ]

    def __str__(self):
        return f"{self.ticket_id} in {self.job_id}"
