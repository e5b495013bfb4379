"""Models of PBXs, their licences and their Commitments."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast, Upper
from django.utils.translation import gettext_lazy as _

from partners.access import owned
from partners.models import EndUser, Partner, User
from web.user_input import words_of


class Pbx(models.Model):
    """A telephone system of an end user, with the term and expiry that all services on it share (DID-9)."""

    class Product(models.TextChoices):
        UC = "uc", "UC"
        XBEES = "xbees", "x-bees"

    class Term(models.TextChoices):
        MONTH = "1m", _("monthly")
        YEAR = "1y", _("1 year")
        FIVE_YEARS = "5y", _("5 years")
        LIFETIME = "lifetime", _("LifeTime")

    class Role(models.TextChoices):
        STANDALONE = "standalone", _("standalone")
        SERVER = "server", _("server of a WMS network")
        CLIENT = "client", _("client in a WMS network")

    serial = models.CharField(_("serial number"), max_length=40, unique=True)
    end_user = models.ForeignKey(EndUser, on_delete=models.PROTECT, related_name="pbxs")
    name = models.CharField(_("name"), max_length=200)
    product = models.CharField(_("product"), max_length=10, choices=Product.choices)
    term = models.CharField(_("term"), max_length=10, choices=Term.choices)
    activated_on = models.DateField(_("activated on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    wms_version = models.CharField(_("WMS version"), max_length=40, blank=True)
    wms_role = models.CharField(_("WMS role"), max_length=12, choices=Role.choices, default=Role.STANDALONE)
    wms_server = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="wms_clients", null=True, blank=True, verbose_name=_("WMS server")
    )
    read_only = models.BooleanField(_("read-only VP PBX"), default=False)
    terminated_on = models.DateField(_("terminated on"), null=True, blank=True)

    objects = owned("end_user__partner")

    class Meta:
        verbose_name = "PBX"
        verbose_name_plural = "PBXs"
        ordering = ["serial"]
        indexes = [
            models.Index(fields=["expires_on", "id"], name="pbxs_by_expiry"),
            models.Index(OpClass(Upper("name"), "text_pattern_ops"), name="pbx_by_name_as_typed"),
            models.Index(OpClass(Upper("serial"), "text_pattern_ops"), name="pbx_by_serial_as_typed"),
            GinIndex(words_of("name"), name="pbx_by_words_of_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(wms_role="client", wms_server__isnull=False) | (~Q(wms_role="client") & Q(wms_server__isnull=True)),
                name="a_wms_client_and_only_it_has_a_server",
            ),
            models.CheckConstraint(condition=Q(wms_server__isnull=True) | ~Q(wms_server=F("pk")), name="a_pbx_is_not_its_own_server"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(activated_on__isnull=True) | Q(expires_on__gte=F("activated_on")),
                name="a_pbx_expires_after_activation",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.serial})"

    def commitment_on(self, day):
        """Return the Commitment that binds this PBX on `day`, or None. Its end date is the first free day."""
        running = [c for c in self.commitments.all() if c.starts_on <= day < c.ends_on]
        return max(running, key=lambda c: c.ends_on, default=None)


class Licence(models.Model):
    """The quantity of one licence type on a PBX, and its monthly price in the partner's currency."""

    class Type(models.TextChoices):
        BASIC = "basic", "Basic"
        ESSENTIAL = "essential", "Essential"
        BUSINESS = "business", "Business"
        PREMIUM = "premium", "Premium"
        TEAMS = "teams", "Teams4Wildix"
        WIZYWEBINAR = "wizywebinar", "Wizywebinar"

    pbx = models.ForeignKey(Pbx, on_delete=models.PROTECT, related_name="licences", verbose_name="PBX")
    licence_type = models.CharField(_("type"), max_length=20, choices=Type.choices)
    quantity = models.PositiveIntegerField(_("quantity"))
    monthly_price = models.DecimalField(_("monthly price"), max_digits=12, decimal_places=2)
    activated_on = models.DateField(_("activated on"), null=True, blank=True)

    objects = owned("pbx__end_user__partner")

    class Meta:
        ordering = ["pbx", "licence_type"]
        constraints = [models.UniqueConstraint(fields=["pbx", "licence_type"], name="a_pbx_has_a_licence_type_once")]

    def __str__(self):
        return f"{self.quantity} × {self.get_licence_type_display()}"


def _years_after(start, years):
    """Return SQL for a date plus whole years, counted as the rules do: 29 February + 3 years is 28 February."""
    return Cast(
        F(start)
        + Func(
            Cast(F(years), models.IntegerField()),
            function="make_interval",
            template="make_interval(years => %(expressions)s)",
            output_field=models.DurationField(),
        ),
        models.DateField(),
    )


class Commitment(models.Model):
    """A partner's commitment to keep everything on a PBX for whole years (COM-4); it ends that many years after its start.

    If it `renews`, it is followed by another of the same length from the day after its end (COM-6).
    """

    pbx = models.ForeignKey(Pbx, on_delete=models.PROTECT, related_name="commitments", verbose_name="PBX")
    years = models.PositiveSmallIntegerField(_("years"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    renews = models.BooleanField(_("renews automatically at its end"), default=True)

    objects = owned("pbx__end_user__partner")

    class Meta:
        ordering = ["pbx", "starts_on"]
        indexes = [models.Index(fields=["ends_on", "id"], name="commitments_by_end")]
        constraints = [
            models.UniqueConstraint(fields=["pbx", "starts_on"], name="a_commitment_starts_once"),
            models.CheckConstraint(condition=Q(ends_on=_years_after("starts_on", "years")), name="a_commitment_ends_years_after_its_start"),
        ]

    def __str__(self):
        return f"{self.years} years from {self.starts_on}"


class ConsoleReport(models.Model):
    """The latest report from the console of a PBX: its registered users (LIC-6) and its place in a WMS network (LIC-10).

    The server is identified by the serial number known to the console; there may be no such PBX in the portal.
    """

    pbx = models.OneToOneField(Pbx, on_delete=models.PROTECT, related_name="console", verbose_name="PBX")
    registered_users = models.PositiveIntegerField(_("registered users"))
    wms_role = models.CharField(_("WMS role on the console"), max_length=12, choices=Pbx.Role.choices, default=Pbx.Role.STANDALONE)
    wms_server = models.CharField(_("serial number of its server on the console"), max_length=40, blank=True)
    reported_at = models.DateTimeField(_("reported"))

    objects = owned("pbx__end_user__partner")

    class Meta:
        verbose_name = _("console report")
        ordering = ["pbx"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(wms_role="client") & ~Q(wms_server="")) | (~Q(wms_role="client") & Q(wms_server="")),
                name="a_client_and_only_it_reports_a_server",
            )
        ]

    def __str__(self):
        return f"{self.pbx}: {self.registered_users}"


class PbxMove(models.Model):
    """A record of a partner moving a PBX between its end users: by whom, when, from and to which. Immutable."""

    pbx = models.ForeignKey(Pbx, on_delete=models.PROTECT, related_name="moves", verbose_name="PBX")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("partner"))
    from_end_user = models.ForeignKey(EndUser, on_delete=models.PROTECT, related_name="+", verbose_name=_("from the end user"))
    to_end_user = models.ForeignKey(EndUser, on_delete=models.PROTECT, related_name="+", verbose_name=_("to the end user"))
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("moved by"))
    moved_at = models.DateTimeField(_("moved"))

    objects = owned("partner")

    class Meta:
        verbose_name = _("PBX move")
        verbose_name_plural = _("PBX moves")
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_end_user=F("to_end_user")), name="a_pbx_moves_to_another_end_user"),
        ]

    def __str__(self):
        return f"{self.pbx}: {self.from_end_user} → {self.to_end_user}"
