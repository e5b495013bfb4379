"""Models of hardware: items in the catalogue, devices in the field, orders and RMAs."""

from collections import defaultdict

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from partners.access import owned
from partners.models import Partner, User
from pbx.filtering import halves_of_named
from pbx.models import Pbx
from web.user_input import name_matches, starts_with


class Item(models.Model):
    """A hardware item on the price list. Its prices are the same figure in every currency."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    capex_price = models.DecimalField(_("hardware (CAPEX) price"), max_digits=12, decimal_places=2)
    hwaas_monthly_price = models.DecimalField(_("monthly HWaaS price"), max_digits=12, decimal_places=2)
    stock = models.PositiveIntegerField(_("in stock"), default=0)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return f"{self.name} ({self.code})"


def matching(text, *, pbxs):
    """Return the condition for devices matching a search text: by the beginning of the serial number, by the code or name of
    the item, or by one of `pbxs` (its name, its end user's, or the beginning of its serial number).

    Items and PBXs are looked up first: conditions on the device alone are each served by an index, and with the keys the planner can
    estimate the devices and scans the serial numbers only if many match.
    """
    if not text:
        return Q()
    items = Item.objects.filter(name_matches(text, "code", "name")).order_by().values_list(Value("item"), "pk")
    halves = (half.values_list(Value("pbx"), "pk") for half in halves_of_named(pbxs, text))
    keys = defaultdict(list)
    for what, key in items.union(*halves):
        keys[what].append(key)
    return starts_with(text, "serial") | Q(item__in=keys["item"]) | Q(pbx__in=keys["pbx"])


class Device(models.Model):
    """A piece of hardware with a serial number on a PBX, either owned or as a service (HWaaS)."""

    class Ownership(models.TextChoices):
        OWNED = "hw", _("owned (CAPEX)")
        SERVICE = "hwaas", _("HWaaS")

    class State(models.TextChoices):
        IN_USE = "in_use", _("in use")
        RETURNED = "returned", _("returned")
        REPLACED = "replaced", _("replaced")
        LOST = "lost", _("lost")

    serial = models.CharField(_("serial number"), max_length=40, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="devices")
    pbx = models.ForeignKey(Pbx, on_delete=models.PROTECT, related_name="devices", verbose_name="PBX")
    ownership = models.CharField(_("ownership"), max_length=6, choices=Ownership.choices)
    ordered_on = models.DateField(_("ordered on"), null=True, blank=True)
    shipped_on = models.DateField(_("shipped on"), null=True, blank=True)
    billing_starts_on = models.DateField(_("billing starts on"), null=True, blank=True)
    warranty_document = models.BooleanField(_("signed warranty document on file"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.IN_USE)

    objects = owned("pbx__end_user__partner")

    class Meta:
        ordering = ["serial"]
        indexes = [models.Index(OpClass(Upper("serial"), "text_pattern_ops"), name="device_by_serial_as_typed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(shipped_on__isnull=True) | Q(ordered_on__isnull=True) | Q(shipped_on__gte=models.F("ordered_on")),
                name="a_device_ships_after_its_order",
            ),
        ]

    def __str__(self):
        return self.serial


class BillingStart(models.Model):
    """A billing start of an HWaaS device set by staff instead of the derived one: by whom, when and why (HW-6). Append-only."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="billing_starts")
    starts_on = models.DateField(_("billing starts on"))
    previous = models.DateField(_("previous billing start"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"))

    objects = owned("device__pbx__end_user__partner")

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_billing_start_has_a_reason")]

    def __str__(self):
        return f"{self.device_id} from {self.starts_on}"


class Order(models.Model):
    """A partner's hardware order and its shipment."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="orders")
    country = models.CharField(_("country"), max_length=2, blank=True)
    placed_on = models.DateField(_("placed on"))
    dispatched_on = models.DateField(_("dispatched on"), null=True, blank=True)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True)

    objects = owned("partner")

    class Meta:
        ordering = ["-placed_on", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dispatched_on__isnull=True) | Q(dispatched_on__gte=models.F("placed_on")),
                name="an_order_is_dispatched_after_it_was_placed",
            ),
            models.CheckConstraint(
                condition=Q(dispatched_on__isnull=True) | Q(cancelled_on__isnull=True), name="a_dispatched_order_is_not_cancelled"
            ),
        ]

    def __str__(self):
        return self.number


class Rma(models.Model):
    """The return of a device, either permanently or in exchange for a replacement (HW-3, HW-9, HW-10)."""

    class State(models.TextChoices):
        OPENED = "opened", _("opened")
        LABELS_SENT = "labels_sent", _("return labels sent")
        IN_TRANSIT = "in_transit", _("on its way to us")
        RECEIVED = "received", _("received")
        CHOICE = "choice", _("waiting for partner’s choice")
        WAITING_STOCK = "waiting_stock", _("waiting for stock")
        REPLACED = "replaced", _("replacement sent")
        RETURNED = "returned", _("taken back")
        GIVEN_UP = "given_up", _("not sent back")

    OVER = (State.REPLACED, State.RETURNED, State.GIVEN_UP)
    SENDING = (State.OPENED, State.LABELS_SENT, State.IN_TRANSIT)
    ARRIVED = (State.RECEIVED, State.CHOICE, State.WAITING_STOCK)

    class Replacement(models.TextChoices):
        NEW = "new", _("new")
        REFURBISHED = "refurbished", _("refurbished")
        WAIT = "wait", _("wait for a new one")

    class Delivery(models.TextChoices):
        """The state of the replacement's delivery cost if the price list has no figure for it (ORD-1)."""

        TO_QUOTE = "to_quote", _("to be quoted")
        QUOTED = "quoted", _("quoted")
        AGREED = "agreed", _("agreed")

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="rmas")
    source = models.CharField(max_length=60, unique=True)  # its cause, e.g. ticket:123
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=15, choices=State.choices, default=State.OPENED)
    wants = models.CharField(max_length=12, choices=Replacement.choices, blank=True)
    with_labels = models.BooleanField(default=False)
    delivery_address = models.TextField(blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery.choices, blank=True, default="")  # empty: by the price list
    delivery_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # in the partner's currency
    replacement = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = owned("device__pbx__end_user__partner")

    class Meta:
        verbose_name = "RMA"
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=~Q(state__in=["replaced", "returned", "given_up"]), name="a_device_has_one_open_rma"
            ),
            models.CheckConstraint(condition=~Q(state="replaced") | Q(replacement__isnull=False), name="a_replaced_rma_has_a_replacement"),
            models.CheckConstraint(
                condition=Q(delivery__in=["", "to_quote"]) | Q(delivery_cost__isnull=False), name="a_quoted_delivery_has_its_cost"
            ),
        ]

    def __str__(self):
        return f"RMA of {self.device_id}"
