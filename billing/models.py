"""Models of invoices issued by the operator, and the append-only ledger of Careline's own entries."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.amounts import round_to_cent
from partners.access import OwnedQuerySet, owned
from partners.models import Partner


class Invoice(models.Model):
    """An invoice to a partner. Its total is the sum of its lines."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="invoices")
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, choices=Partner.Currency.choices)

    objects = owned("partner")

    class Meta:
        ordering = ["-issued_on", "number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=True) | models.Q(due_on__gte=models.F("issued_on")),
                name="an_invoice_is_due_after_its_issue",
            ),
            models.CheckConstraint(condition=models.Q(currency__in=["USD", "EUR", "GBP"]), name="invoice_currency_is_billed"),
        ]

    def __str__(self):
        return self.number

    def printed_lines(self):
        """Return the lines for printing as [(line, description, quantity, unit price, amount)]. One query."""
        return [(row.line, row.description, row.quantity, row.unit_price, row.amount) for row in self.lines.order_by("line")]


class InvoiceLine(models.Model):
    """One line of an invoice."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField(_("line"))
    description = models.CharField(_("description"), max_length=300)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    unit_price = models.DecimalField(_("unit price"), max_digits=12, decimal_places=2)

    objects = owned("invoice__partner")

    class Meta:
        ordering = ["invoice", "line"]
        constraints = [models.UniqueConstraint(fields=["invoice", "line"], name="an_invoice_line_is_numbered_once")]

    def __str__(self):
        return f"{self.invoice_id}/{self.line}"

    @property
    def amount(self):
        """Return the amount of this line rounded to the cent, so that the lines add up to the total (EN 16931, BT-131)."""
        return round_to_cent(self.quantity * self.unit_price)

    @property
    def uncredited(self):
        """Return the amount not yet credited by credit notes (BIL-2)."""
        return self.amount - sum(credit.amount for credit in self.credits.all())


class CreditNote(models.Model):
    """A credit note for lines of an invoice. Its total is the sum of its lines; the unique `source` prevents issuing it twice."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    issued_on = models.DateField(_("issued on"))
    source = models.CharField(_("source"), max_length=60, unique=True)

    objects = owned("invoice__partner")

    class Meta:
        verbose_name = _("credit note")
        ordering = ["-issued_on", "number"]

    def __str__(self):
        return self.number

    def printed_lines(self):
        """Return the credited lines in the same form, without quantity and price, as negative amounts. One query."""
        rows = self.lines.select_related("invoice_line").order_by("invoice_line__line")
        return [(row.invoice_line.line, row.invoice_line.description, None, None, -row.amount) for row in rows]


class CreditNoteLine(models.Model):
    """The credit on one line of an invoice. The amount is positive, in the currency of the invoice."""

    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")
    invoice_line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="credits")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)

    objects = owned("credit_note__invoice__partner")

    class Meta:
        ordering = ["credit_note", "invoice_line"]
        constraints = [
            models.UniqueConstraint(fields=["credit_note", "invoice_line"], name="a_credit_note_names_a_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_credit_is_more_than_nothing"),
        ]

    def __str__(self):
        return f"{self.credit_note_id}/{self.invoice_line_id}"


class LedgerEntry(models.Model):
    """An entry in a partner's account. Positive amounts are owed by the partner, negative ones to it.

    Entries are never changed or deleted (the database refuses both); a mistake is corrected by an entry of kind reversal.
    `source` identifies the cause ("ticket:123"). Together with `fee` it is unique, so that repeated runs post once.
    """

    class Kind(models.TextChoices):
        FEE = "fee", _("fee")
        CHARGE = "charge", _("charge")
        CREDIT_NOTE = "credit_note", _("credit note")
        INVOICE = "invoice", _("invoice")
        PAYMENT = "payment", _("payment")
        REVERSAL = "reversal", _("reversal")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="ledger_entries")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    fee = models.CharField(_("fee"), max_length=80)
    title = models.CharField(_("description"), max_length=200)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, choices=Partner.Currency.choices)
    source = models.CharField(_("source"), max_length=60)
    created_at = models.DateTimeField(_("posted"), default=timezone.now)

    objects = owned("partner")

    class Meta:
        verbose_name_plural = _("ledger entries")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "fee"], name="a_cause_posts_a_fee_once")]
        indexes = [
            models.Index(fields=["partner", "-created_at", "-id"], name="ledger_by_partner"),
            models.Index(fields=["created_at"], name="ledger_by_time"),
            models.Index(fields=["source"], opclasses=["varchar_pattern_ops"], name="ledger_by_cause"),  # prefix searches on the source
        ]

    def __str__(self):
        return f"{self.fee} {self.amount} {self.currency}"

    @property
    def ticket_number(self):
        """Return the number of the ticket that caused this entry, or None."""
        kind, _sep, number = self.source.partition(":")
        return int(number) if kind == "ticket" else None


class BalanceQuerySet(OwnedQuerySet):
    def of_account(self, partner):
        """Return the balances (positive: owed by the partner) as {currency: Decimal}: the partner's own first, then non-zero others."""
        kept = dict(self.of_partner(partner).order_by("currency").values_list("currency", "amount"))
        return {partner.currency: kept.pop(partner.currency, Decimal(0))} | {code: amount for code, amount in kept.items() if amount}


class Balance(models.Model):
    """The sum of a partner's ledger entries in a currency. Read-only: the database updates it on posting (docs/decisions/0155)."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="balances")
    currency = models.CharField(max_length=3, choices=Partner.Currency.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    objects = BalanceQuerySet.as_manager()

    class Meta:
        ordering = ["partner", "currency"]
        constraints = [models.UniqueConstraint(fields=["partner", "currency"], name="a_currency_has_one_balance")]

    def __str__(self):
        return f"{self.amount} {self.currency} of {self.partner_id}"


class BonusTerms(models.Model):
    """The terms of the bonus increase agreed with a partner (BIL-7). Empty fields default to the policy values."""

    partner = models.OneToOneField(Partner, on_delete=models.PROTECT, related_name="bonus_terms")
    target = models.DecimalField(_("monthly target"), max_digits=12, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField(_("increase (%)"), max_digits=5, decimal_places=2, null=True, blank=True)

    objects = owned("partner")

    class Meta:
        verbose_name = verbose_name_plural = _("bonus terms")
        ordering = ["partner"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rate__isnull=True) | models.Q(rate__gte=0, rate__lte=100), name="a_bonus_rate_is_a_percentage"
            ),
            models.CheckConstraint(condition=models.Q(target__isnull=True) | models.Q(target__gt=0), name="a_bonus_target_is_something"),
        ]

    def __str__(self):
        return f"Bonus terms of {self.partner_id}"


class MonthlyResult(models.Model):
    """A partner's result for a month, identified by its first day, in the partner's own currency (BIL-7)."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="monthly_results")
    month = models.DateField(_("month"))
    result = models.DecimalField(_("result"), max_digits=12, decimal_places=2)

    objects = owned("partner")

    class Meta:
        ordering = ["partner", "-month"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "month"], name="a_month_has_one_result"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="a_month_is_named_by_its_first_day"),
        ]

    def __str__(self):
        return f"{self.partner_id} {self.month:%Y-%m}"
