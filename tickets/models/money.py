"""Charges and credits of a ticket: quoted at submission, due at their moment, posted to the ledger once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.access import owned
from partners.models import Partner
from tickets.models.ticket import Ticket


class TicketCharge(models.Model):
    """One charge of a ticket or credit to a partner; the amount is positive for both (GEN-3).

    `due_at` without `posted_at` means that it still has to be posted to the ledger: the sweep finds it.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="charges")

    class Kind(models.TextChoices):
        FEE = "fee", _("fee")
        CHARGE = "charge", _("charge")
        CREDIT_NOTE = "credit_note", _("credit note")
        REVERSAL = "reversal", _("reversal")

    CREDITS = (Kind.CREDIT_NOTE, Kind.REVERSAL)  # these go to the partner named as payer

    fee = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.FEE)
    title = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, choices=Partner.Currency.choices)
    payer = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=30)
    contingent = models.BooleanField(default=False)  # due only on a rejection, so not part of the price
    due_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)

    objects = owned("ticket__partner")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "fee"], name="a_ticket_charges_a_fee_once"),
            models.CheckConstraint(condition=Q(posted_at__isnull=True) | Q(due_at__isnull=False), name="a_posted_charge_was_due"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False, posted_at__isnull=True), name="charge_to_post"),
            models.Index(fields=["posted_at"], condition=Q(posted_at__isnull=False), name="charge_posted"),
        ]

    @property
    def is_credit(self):
        return self.kind in self.CREDITS

    def __str__(self):
        return f"{self.fee} of {self.ticket_id}"


class Quote(models.Model):
    """The price an agent has calculated for a request if the policies have none: nothing is executed before it is accepted.

    `what` it covers ({licence type: how many more}) and the `amount` in the partner's currency; 0 is free. A declined quote is deleted;
    the timeline keeps it.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, primary_key=True, related_name="quote")
    what = models.JSONField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    is_accepted = models.BooleanField(default=False)

    objects = owned("ticket__partner")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="a_quote_is_not_below_nothing")]

    def __str__(self):
        return f"quote of {self.ticket_id}"
