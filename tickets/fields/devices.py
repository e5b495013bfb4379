"""Fields that name devices."""

from django.utils.translation import gettext_lazy as _

from hwaas.models import Device
from tickets.fields.base import Candidate, OneOf, SeveralOf


class DeviceField(OneOf):
    """A device of the partner by its serial number."""

    key, also = "serial", "item__code"
    unknown = _("%(value)s is not the serial number of one of your devices.")

    def queryset(self):
        return Device.objects.select_related("item", "pbx__end_user").prefetch_related("rmas", "pbx__commitments")

    def present(self):
        return self.queryset().filter(state=Device.State.IN_USE)

    def candidate(self, device):
        return Candidate(device.serial, device.serial, f"{device.item.name} · {device.get_ownership_display()} · {device.pbx.name}", device)


class DevicesField(SeveralOf, DeviceField):
    """Devices of the partner by their serial numbers."""
