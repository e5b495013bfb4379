"""Import runs: who submitted which files, whether as a rehearsal or for real, and the result."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One run over some files. Runs of the same uploaded files share their `folder`; a run of the command line has none.

    `files` are {name, size (bytes), rows, sha256, and the location: stored, member}; size, rows and sha256 are known once the file has
    been read. `changes` are rows as estate.runs writes them; `problems` are the first of `problem_count`: (file, line, column, reason).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        INTERRUPTED = "interrupted", _("interrupted")

    is_rehearsal = models.BooleanField(_("rehearsal"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WAITING)
    folder = models.UUIDField(null=True, blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    system_user = models.CharField(max_length=100, blank=True)  # who ran the command, since nobody is signed in there
    files = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # When the uploaded files were deleted because they had been imported, discarded or kept for too long.
    files_gone_at = models.DateTimeField(null=True, blank=True)
    discarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["folder"], condition=Q(state__in=["waiting", "running"]), name="files_are_imported_one_run_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="import_runs_newest"),
            models.Index(fields=["state"], condition=Q(state__in=["waiting", "running"]), name="import_runs_moving"),
            models.Index(fields=["folder"], condition=Q(folder__isnull=False, files_gone_at=None), name="import_runs_with_files"),
        ]

    def __str__(self):
        return ", ".join(file["name"] for file in self.files)
