"""E-mails that committed changes still owe."""

from django.db import models
from django.db.models import Q

from tickets.models.ticket import Ticket


class Mail(models.Model):
    """An e-mail to send: created with the change that causes it, composed when it is sent, picked up by the sweep if lost.

    `error` is the reason for the last failure; it has been reported on the ticket once `given_up_at` is set.

    `key` identifies the occasion, so that each e-mail is created once; `kind` names its template.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30)
    to = models.EmailField()
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="mails", null=True, blank=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, db_default="")
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=Q(sent_at__isnull=True), name="mail_to_send")]

    def __str__(self):
        return self.key
