"""Bulk changes: one change to many tickets, made by a worker and kept with each ticket's previous state so that it can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket


class BulkJob(models.Model):
    """A bulk change: its `actions`, in the format of macros, are performed on the tickets of its BulkChange rows."""

    class State(models.TextChoices):
        GATHERING = "gathering", _("preparing")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        UNDOING = "undoing", _("undoing")
        UNDONE = "undone", _("undone")

    # The key of the submitted form: submitting the same form twice creates one job.
    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_jobs")
    title = models.CharField(_("title"), max_length=200)
    # The tickets: the selected numbers, or the query of the queue ("" if numbers were selected).
    query = models.CharField(max_length=1000, blank=True)
    # The newest ticket at the time of the preview: later ones were not in it and stay unchanged.
    newest = models.BigIntegerField(null=True, blank=True)
    actions = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.GATHERING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # time of the last progress: the sweep queues stalled jobs again
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["moved_at"], condition=Q(state__in=["gathering", "running", "undoing"]), name="bulk_job_to_do")]

    def __str__(self):
        return self.title


class BulkChange(models.Model):
    """One ticket of a job: `before` and `after` hold the changed traits; undoing spares what others have changed since."""

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
