"""What stands still, for administrators."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Trouble(models.Model):
    """Something that Careline cannot do by itself, from `since` until `over_at`; the worker writes it, pages read it.

    `told_at` is when administrators were mailed that it lasts, `end_told_at` that it is over.
    """

    class Kind(models.TextChoices):
        WORKER = "worker", _("Worker, scheduler or queue is silent")
        MAILBOX = "mailbox", _("Answers by mail cannot be read")
        MAILS = "mails", _("Mails are not sent")
        CHARGES = "charges", _("Fees are not posted")
        DISK = "disk", _("Room for files runs out")

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
        """What it means for the people who use Careline."""
        return _MEANS.get(self.kind, "")  # a worker of a newer version may have found a kind of its own

    @property
    def to_do(self):
        """What an administrator, or whoever runs the servers, does about it."""
        return _TO_DO.get(self.kind, "")


K = Trouble.Kind
_MEANS = {
    K.WORKER: _("Requests are taken, but nothing is carried out, no mail is sent and no answer read. All of it is caught up with later."),
    K.MAILBOX: _(
        "Partners who answer our mails are not heard. Their answers stay in the mailbox and are read when it can be opened again."
    ),
    K.MAILS: _("Partners and colleagues are not told of what happens. Mails are tried for two days; then their tickets say so."),
    K.CHARGES: _("What has come due is missing on accounts and in their balances. It is posted once, as soon as that works."),
    K.DISK: _("With 200 MB left, files are refused: those of partners and colleagues, those that come by mail, and imports."),
}
_TO_DO = {
    K.WORKER: _("See whether worker, scheduler and Redis run, and start what does not: the order does not matter. Their logs say more."),
    K.MAILBOX: _(
        "See whether the mail server can be reached and the password in INBOUND_EMAIL_URL still holds. "
        "A changed setting needs a restart of the worker."
    ),
    K.MAILS: _("See whether the mail server in EMAIL_URL can be reached and takes our mails."),
    K.DISK: _("Give the disk of DATA_DIR more room, or free some. The files of tickets stay: they are part of the record."),
    K.CHARGES: _("The worker’s log says why, with the number of each ticket: pass it on to whoever develops Careline."),
}
