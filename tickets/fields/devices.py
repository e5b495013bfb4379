"""Fields for devices."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hwaas.models import Device, matching
from pbx.models import Pbx
from tickets.fields.base import Candidate, OneOf, SeveralOf


class DeviceField(OneOf):
    """A device of the partner, by its serial number."""

    key, shows = "serial", "item__name"
    facts = ("rmas", "pbx__commitments")
    nothing = _("You have no devices yet.")
    unknown = _("%(value)s is not the serial number of one of your devices.")

    @classmethod
    def queryset(cls):
        return Device.objects.select_related("item", "pbx__end_user")

    def present(self):
        return self.queryset().filter(state=Device.State.IN_USE)

    def __init__(self, *, facts=(), first="", **kwargs):
        """`facts` names related rows that the type's rules read beyond the common ones. `first` is the ownership this type applies to:
        those devices come first in the picker, as others would be denied anyway."""
        super().__init__(**kwargs)
        self.facts = (*self.facts, *facts)
        self.leading = Q(ownership=first) if first else None

    def matching(self, text):
        return matching(text, pbxs=Pbx.objects.of_partner(self.partner))

    def called(self, code, title):
        return f"{code} ({title})"

    def candidate(self, device):
        place = f"{device.pbx.name} · {device.pbx.end_user.name}"
        return Candidate(device.serial, device.serial, f"{device.item.name} · {device.get_ownership_display()} · {place}", device)


class DevicesField(SeveralOf, DeviceField):
    """Devices of the partner, by their serial numbers."""
