"""Links between tickets, and their followers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.access import owned
from tickets.models.ticket import Ticket


class TicketLink(models.Model):
    """A link between two tickets of the same partner. `data` stores what is needed to undo a merge."""

    class Kind(models.TextChoices):
        RELATED = "related", _("is related to")
        MERGED = "merged", _("was merged into")
        SPLIT = "split", _("was split from")
        FOLLOW_UP = "follow_up", _("follows up on")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="linked_by")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    objects = owned("ticket__partner")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other", "kind"], name="two_tickets_are_linked_once_in_a_way"),
            models.CheckConstraint(condition=~Q(ticket=F("other")), name="a_ticket_is_not_linked_to_itself"),
        ]

    def __str__(self):
        return f"{self.ticket_id} {self.kind} {self.other_id}"


class Follower(models.Model):
    """A person besides requester and owner who is notified about a ticket: a contact of the partner, or a care team member."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="followed")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = owned("ticket__partner")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="a_person_follows_a_ticket_once")]

    def __str__(self):
        return f"{self.user_id} follows {self.ticket_id}"


class Subscription(models.Model):
    """A contact follows all new requests of colleagues in an area (tickets.areas), not only their own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    area = models.CharField(max_length=20)

    objects = owned("user__partner")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "area"], name="a_person_follows_an_area_once")]

    def __str__(self):
        return f"{self.user_id} follows {self.area}"
