"""Models of DIDs (numbers and ranges on a PBX), their calls, porting changes, emergency locations and special numbers."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from classound.numbers import dialled, parse_number
from partners.access import owned
from pbx.filtering import halves_of_named
from pbx.models import Pbx


def contains_number(number):
    """Return the condition for numbers and ranges containing this number (its digits), served by the index on ranges.

    The explicit type tells the database that the value is a number and not a range, which it cannot infer.
    """
    return models.Q(numbers__contains=models.Value(int(number), models.BigIntegerField()))


def matching(text, country, *, pbxs):
    """Return the condition for DIDs matching a search text: by the beginning of the number or a number inside a range, as dialled
    in that country (ISO 3166), else by one of `pbxs` (its name, its end user's, or the beginning of its serial number).

    The PBXs are looked up first, in one query: with their keys the planner can estimate the DIDs and scans the index on numbers
    only if many match.
    """
    if digits := dialled(text, country):
        inside = contains_number(digits) if digits.isdigit() and len(digits) <= 15 else Q()
        return Q(number__startswith=f"+{digits}") | inside
    if not text:
        return Q()
    own, customers = (half.values_list("pk", flat=True) for half in halves_of_named(pbxs, text))
    return Q(pbx__in=list(own.union(customers)))


class Did(models.Model):
    """A phone number in E.164, or a range written with trailing X (DID-3), on a PBX.

    It has no term and no expiry of its own: both are its PBX's (DID-9).
    """

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
    # The same as integers, to find the range containing a number and to let the database reject overlaps.
    numbers = BigIntegerRangeField(editable=False)
    pbx = models.ForeignKey(Pbx, on_delete=models.PROTECT, related_name="dids", verbose_name="PBX")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    country = models.CharField(_("country"), max_length=2)
    status = models.CharField(_("status"), max_length=15, choices=Status.choices)
    activated_on = models.DateField(_("activated on"), null=True, blank=True)
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True)
    # Ported away without a request (DID-4): outgoing calls only, renewed and billed as before.
    ported_out_on = models.DateField(_("ported out on"), null=True, blank=True)
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
    """A call of the CLASSOUND service as exported by the operator. The price is in the partner's currency."""

    class Direction(models.TextChoices):
        IN = "in", _("incoming")
        OUT = "out", _("outgoing")

    call_id = models.CharField(max_length=40, unique=True)
    did = models.ForeignKey(Did, on_delete=models.PROTECT, related_name="calls", db_index=False, verbose_name="DID")  # see indexes
    user = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    direction = models.CharField(max_length=3, choices=Direction.choices)
    destination = models.CharField(max_length=40, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)

    objects = owned("did__pbx__end_user__partner")

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["did", "started_at"], name="call_of_did_by_time")]

    def __str__(self):
        return self.call_id


class PortingChange(models.Model):
    """A request to a carrier for another porting date (DID-5), and the carrier's answer once received."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    did = models.ForeignKey(Did, on_delete=models.PROTECT, related_name="porting_changes", verbose_name="DID")
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


class EmergencyLocation(models.Model):
    """The location of a number's user in an emergency (DID-10), and the state of its validation.

    `number` is the DID's own, or one inside its range; the location of a single number takes precedence over its range's.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("being validated")
        VALID = "valid", _("valid")
        SENT_BACK = "sent_back", _("sent back")
        REPLACED = "replaced", _("replaced by a newer one")
        LEFT_OUT = "left_out", _("left out")

    OPEN = (Status.REQUESTED, Status.SENT_BACK)
    ADDRESS = ("user_name", "street", "postcode", "city", "state", "country")

    did = models.ForeignKey(Did, on_delete=models.PROTECT, related_name="emergency_locations", verbose_name="DID")
    number = models.CharField(_("number"), max_length=20)
    user_name = models.CharField(_("user"), max_length=120)
    street = models.CharField(_("street"), max_length=200)
    postcode = models.CharField(_("postcode"), max_length=20)
    city = models.CharField(_("city"), max_length=100)
    state = models.CharField(_("state"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.REQUESTED)
    reason = models.CharField(_("reason for sending back"), max_length=500, blank=True)
    source = models.CharField(max_length=60)  # its cause, e.g. ticket:123
    requested_on = models.DateField(_("requested on"))
    decided_on = models.DateField(_("decided on"), null=True, blank=True)

    objects = owned("did__pbx__end_user__partner")

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="a_request_names_the_location_of_a_number_once"),
            models.UniqueConstraint(fields=["number"], condition=Q(status="valid"), name="a_number_has_one_validated_location"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(status__in=["requested", "sent_back"]), name="a_location_is_validated_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(status="sent_back") | ~Q(reason=""), name="a_location_is_sent_back_with_a_reason"),
        ]

    def __str__(self):
        return f"{self.number}: {self.address}"

    @property
    def address(self):
        """Return the address in one line, with the user's name."""
        place = " ".join(filter(None, (self.postcode, self.city, self.state)))
        return ", ".join((self.user_name, self.street, place, self.country))


class SpecialNumber(models.Model):
    """A special number that a PBX is to call (DID-14), and the decision on it: each number is reviewed individually."""

    class Decision(models.TextChoices):
        REQUESTED = "requested", _("under review")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    pbx = models.ForeignKey(Pbx, on_delete=models.PROTECT, related_name="special_numbers", verbose_name="PBX")
    number = models.CharField(_("special number"), max_length=20)
    purpose = models.TextField(_("purpose"), max_length=2000)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.REQUESTED)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    source = models.CharField(max_length=60)  # its cause, e.g. ticket:123
    asked_on = models.DateField(_("requested on"))
    decided_on = models.DateField(_("decided on"), null=True, blank=True)

    objects = owned("pbx__end_user__partner")

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="a_request_names_a_special_number_once"),
            models.UniqueConstraint(
                fields=["pbx", "number"], condition=~Q(decision="refused"), name="a_special_number_is_open_or_asked_for_once_on_a_pbx"
            ),
            models.CheckConstraint(condition=~Q(decision="refused") | ~Q(reason=""), name="a_special_number_is_refused_with_a_reason"),
        ]

    def __str__(self):
        return self.number
