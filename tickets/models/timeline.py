"""The history of a ticket: events (including messages), attachments and overrides. Rows are added, never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.access import owned
from tickets.models.ticket import Ticket

# Content types previewed as pictures, and those previewed by their first lines (docs/decisions/0153).
DRAWN = ("application/pdf", "image/png", "image/jpeg", "image/gif")
TEXTS = ("text/plain", "text/csv")


# The end of a snooze, for whatever reason.
WOKE = models.Q(kind="status", data__field="snoozed_until", data__new="")


class Event(models.Model):
    """One entry of a ticket's timeline; `is_internal` entries are for staff only. `data` depends on the kind."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        MESSAGE = "message", _("Message")
        NOTE = "note", _("Internal note")
        QUESTION = "question", _("Question to the partner")
        ASSIGNED = "assigned", _("Assigned")
        STATUS = "status", _("Status changed")
        OVERRIDDEN = "overridden", _("Finding overridden")
        EXECUTION_REQUESTED = "execution_requested", _("Execution started")
        APPLIED = "applied", _("Carried out")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", _("Not executed")
        FAILED = "failed", _("Execution failed")
        STEP = "step", _("Step completed")
        CONFIRMATION = "confirmation", _("Confirmation")
        CHARGE_DUE = "charge_due", _("Charge due")
        POSTED = "posted", _("Posted to the account")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SOLVED = "solved", _("Solved")
        REOPENED = "reopened", _("Reopened")
        ATTACHED = "attached", _("File attached")
        FOLLOWED = "followed", _("Followers changed")
        LINKED = "linked", _("Linked")
        RATED = "rated", _("Partner’s rating")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField()
    body = models.TextField(blank=True)
    is_internal = models.BooleanField(default=False)
    data = models.JSONField(default=dict)

    objects = owned("ticket__partner")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="event_of_ticket"),
            # Which tickets woke recently: queried every few seconds by every open queue page.
            models.Index(fields=["at"], include=["ticket"], condition=WOKE, name="event_of_the_woken"),
        ]

    def __str__(self):
        return f"{self.kind} on {self.ticket_id}"

    @property
    def title(self):
        """Return the title of the event; corrections are stored as status events but have their own title."""
        return _("Request corrected") if self.corrections else self.get_kind_display()

    @property
    def corrections(self):
        """Return the care team's corrections of the answers: [{"field", "old", "new"}], in the stored format."""
        return self.data.get("corrections", [])


class ReaderOfEvents(models.Model):
    """How far a reader has read the events of all tickets. `gaps` are numbers below `seen` that did not exist yet.

    An event gets its number before its transaction commits, so lower numbers may appear later: [[first, last, when noticed], …].
    """

    seen = models.BigIntegerField(default=0)
    gaps = models.JSONField(default=list)

    class Meta:
        abstract = True

    def __str__(self):
        return f"up to {self.seen}"


class Attachment(models.Model):
    """A file on a ticket. It is only served as a download, after checking who may see the ticket.

    `preview_pages` is the number of pages drawn, None until that was tried; `preview_text` has the first lines of a text file.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="attachments")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="attachments", null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="%Y/%m/")
    is_internal = models.BooleanField(default=False)
    preview_pages = models.PositiveSmallIntegerField(null=True)
    preview_text = models.TextField(blank=True, db_default="")

    objects = owned("ticket__partner")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["-id"], name="attachment_without_preview", condition=models.Q(preview_pages=None))]

    def __str__(self):
        return self.name


class Override(models.Model):
    """An overridden rule, with the reason and the authorised person. It stays on the ticket permanently."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="overrides")
    rule = models.CharField(_("rule"), max_length=20)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = owned("ticket__partner")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "rule"], name="a_rule_is_overridden_once_a_ticket")]

    def __str__(self):
        return f"{self.rule} on {self.ticket_id}"
