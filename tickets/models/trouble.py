"""Problems that need an administrator."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Trouble(models.Model):
    """A problem that Careline cannot solve by itself, from `since` until `over_at`; the worker writes it, pages read it.

    `told_at` is when administrators were e-mailed that it persists, `end_told_at` that it has ended.
    """

    class Kind(models.TextChoices):
        WORKER = "worker", _("Worker, scheduler or queue is not responding")
        MAILBOX = "mailbox", _("Replies by e-mail cannot be read")
        MAILS = "mails", _("E-mails are not being sent")
        CHARGES = "charges", _("Charges are not being posted")
        DISK = "disk", _("Disk space for files is running out")
        TASKS = "tasks", _("A background task keeps failing")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    since = models.DateTimeField()
    detail = models.CharField(max_length=300, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    end_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind"], condition=Q(over_at__isnull=True), name="a_kind_of_trouble_is_there_once")]
        indexes = [models.Index(fields=["over_at"], condition=Q(told_at__isnull=False, end_told_at__isnull=True), name="trouble_to_tell")]

    def __str__(self):
        return f"{self.kind} {self.since}"

    @property
    def means(self):
        """Return what it means for users of Careline."""
        return _MEANS.get(self.kind, "")  # a worker of a newer version may report a kind unknown here

    @property
    def to_do(self):
        """Return what an administrator, or whoever runs the servers, can do about it."""
        return _TO_DO.get(self.kind, "")


K = Trouble.Kind
_MEANS = {
    K.WORKER: _("Requests are accepted, but nothing is executed, and e-mails are neither sent nor read. All of it will be done later."),
    K.MAILBOX: _(
        "Partners’ replies to our e-mails do not reach us. They stay in the mailbox and will be read once it can be opened again."
    ),
    K.MAILS: _("Partners and colleagues are not notified. E-mails are retried for two days; then their tickets show that they failed."),
    K.CHARGES: _("Due charges are missing from accounts and balances. Each will be posted once, as soon as posting works again."),
    K.DISK: _("Once only 200 MB are left, files are rejected: uploads by partners and colleagues, e-mail attachments and imports."),
    K.TASKS: _("What the task does, as its name says, is not being done. It catches up by itself once it succeeds again."),
}
_TO_DO = {
    K.WORKER: _("Check that worker, scheduler and Redis are running, and start those that are not, in any order. See their logs."),
    K.MAILBOX: _(
        "Check that the mail server can be reached and that the password in INBOUND_EMAIL_URL is still valid. "
        "Restart the worker after changing a setting."
    ),
    K.MAILS: _("Check that the mail server in EMAIL_URL can be reached and accepts our e-mails."),
    K.DISK: _("Enlarge the disk of DATA_DIR or free up space on it. Do not delete ticket files: they are part of the record."),
    K.TASKS: _("The worker’s log has the error under the name of the task. Pass both on to Careline’s developers."),
    K.CHARGES: _("The worker’s log has the reason, with the number of each ticket. Pass it on to Careline’s developers."),
}
