"""Replies and notes that an agent is writing, saved on the server, and replies that were sent but can still be undone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket


class Draft(models.Model):
    """A reply or an internal note being written. Once `send_at` is set it has been sent, and is delivered then unless undone."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Internal note")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.REPLY)
    text = models.TextField(max_length=10_000, blank=True)
    set_status = models.CharField(max_length=10, blank=True)  # the status to set with the reply
    saved_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "author"], condition=Q(send_at__isnull=True), name="one_draft_a_person_and_ticket")
        ]
        indexes = [models.Index(fields=["send_at"], condition=Q(send_at__isnull=False), name="draft_to_send")]

    def __str__(self):
        return f"{self.kind} on {self.ticket_id}"


class DraftFile(models.Model):
    """A file attached to a draft: checked on upload, moved to the ticket when the draft is sent."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="drafts/%Y/%m/")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name
