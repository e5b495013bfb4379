"""DIDs (numbers and ranges on a PBX), calls made with them, and changes of porting dates."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from classound.numbers import parse_number
from partners.access import owned
from pbx.models import Pbx


class Did(models.Model):
    """A phone number in E.164, or a range written with trailing X (DID-3), on a PBX."""

    class Kind(models.TextChoices):
        NEW = "new", _("new")
        PORTED = "ported", _("ported")
        OUTBOUND = "outbound", _("outbound")
        FREEPHONE = "freephone", _("FreePhone")

    class Status(models.TextChoices):
        ORDERED = "ordered", _("ordered")
        ACTIVE = "active", _("active")
        OUTGOING_ONLY = "outgoing_only", _("outgoing calls only")
        CANCELLED = "cancelled", _("cancelled")

    number = models.CharField(_("number"), max_length=20, unique=True)
    # The same as integers: finds the range that holds a number, and lets the database refuse overlaps.
    numbers = BigIntegerRangeField(editable=False)
    pbx = models.ForeignKey(Pbx, on_delete=models.PROTECT, related_name="dids")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    country = models.CharField(_("country"), max_length=2)
    status = models.CharField(_("status"), max_length=15, choices=Status.choices)
    activated_on = models.DateField(_("activated on"), null=True, blank=True)
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True)
    porting_date = models.DateField(_("porting date"), null=True, blank=True)
    porting_confirmed = models.BooleanField(_("porting date confirmed"), default=False)
    migration_code = models.CharField(_("migration code"), max_length=30, blank=True)
    monthly_price = models.DecimalField(_("monthly price"), max_digits=12, decimal_places=2, null=True, blank=True)

    objects = owned("pbx__end_user__partner")

    class Meta:
        verbose_name = "DID"
        verbose_name_plural = "DIDs"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^\+[1-9][0-9]{3,14}X{0,3}$"), name="a_did_is_e164_or_a_range_with_trailing_x"
            ),
            ExclusionConstraint(name="did_ranges_never_overlap", expressions=[("numbers", "&&")], condition=~Q(status="cancelled")),
            models.CheckConstraint(
                condition=Q(porting_confirmed=False) | Q(porting_date__isnull=False), name="a_confirmed_porting_has_a_date"
            ),
        ]

    def __str__(self):
        return self.number

    def save(self, *args, **kwargs):
        parsed = parse_number(self.number)
        self.number, self.numbers = parsed.text, NumericRange(parsed.first, parsed.last + 1)
        super().save(*args, **kwargs)

    @property
    def is_range(self):
        return self.number.endswith("X")


class Call(models.Model):
    """One call of the CLASSOUND service, as the operator exports it; the price is in the partner's currency."""

    class Direction(models.TextChoices):
        IN = "in", _("incoming")
        OUT = "out", _("outgoing")

    call_id = models.CharField(max_length=40, unique=True)
    did = models.ForeignKey(Did, on_delete=models.PROTECT, related_name="calls")
    user = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    direction = models.CharField(max_length=3, choices=Direction.choices)
    destination = models.CharField(max_length=40, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)

    objects = owned("did__pbx__end_user__partner")

    class Meta:
        ordering = ["-started_at"]

    def __str__(self):
        return self.call_id


class PortingChange(models.Model):
    """A request to a carrier for another porting date (DID-5), with the carrier's answer once it has come."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    did = models.ForeignKey(Did, on_delete=models.PROTECT, related_name="porting_changes")
    source = models.CharField(max_length=60, unique=True)  # its cause, e.g. ticket:123
    previous_date = models.DateField()
    requested_date = models.DateField()
    sent_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    confirmed_date = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    objects = owned("did__pbx__end_user__partner")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="confirmed") | Q(confirmed_date__isnull=False), name="a_confirmed_porting_change_has_a_date"
            ),
        ]

    def __str__(self):
        return f"{self.did_id}: {self.previous_date} to {self.requested_date}"
