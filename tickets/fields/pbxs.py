"""Fields for PBXs."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from classound.models import Did
from engine.prepared_queries import prefetch
from hwaas.models import Device
from pbx.models import Pbx
from tickets.fields.base import Candidate, OneOf


class PbxField(OneOf):
    """A PBX of the partner that has not been terminated, by its serial number, with its licences and Commitments."""

    key, also, shows = "serial", "name", "name"
    nothing = _("You have no PBXs yet.")
    unknown = _("%(value)s is not the serial number of one of your PBXs.")

    def __init__(self, *, facts=(), facts_of_servers=(), listed=OneOf.listed, **kwargs):
        """`facts` names related rows that the type's rules read beyond the common ones; `facts_of_servers`, more for WMS servers.

        `listed` is how many the picker lists at once, lower where judging one PBX is slow.
        """
        super().__init__(**kwargs)
        self.listed = listed
        self.facts = (*facts, "commitments", "licences")  # these come last, so that one query also covers the customer's other PBXs
        self.facts_of_servers = facts_of_servers

    def with_facts(self, rows):
        prefetch([pbx for pbx in rows if pbx.wms_role == Pbx.Role.SERVER], *self.facts_of_servers)
        return super().with_facts(rows)

    @classmethod
    def queryset(cls):
        return cls.everything().filter(terminated_on=None)

    @classmethod
    def everything(cls):
        return Pbx.objects.select_related("end_user", "wms_server")

    def candidate(self, pbx):
        licences = [f"{row.quantity} {row.get_licence_type_display()}" for row in pbx.licences.all() if row.quantity]
        parts = (pbx.serial, str(pbx.get_term_display()), pbx.end_user.name, ", ".join(licences))
        return Candidate(pbx.serial, pbx.name, " · ".join(filter(None, parts)), pbx)


NUMBERS = Exists(Did.objects.filter(pbx=OuterRef("pk")).exclude(status=Did.Status.CANCELLED))


class NumberedPbxField(PbxField):
    """A PBX annotated with `has_numbers`, and with the licences of its server, for rules that read them."""

    def __init__(self, *, facts=(), **kwargs):
        super().__init__(facts=(*facts, "wms_server__licences"), **kwargs)

    @classmethod
    def everything(cls):
        return super().everything().annotate(has_numbers=NUMBERS)


class ServedPbxField(PbxField):
    """A PBX annotated with `has_services`: numbers or HWaaS devices in service on it, for rules that need no further details."""

    @classmethod
    def everything(cls):
        devices = Device.objects.filter(pbx=OuterRef("pk"), ownership=Device.Ownership.SERVICE, state=Device.State.IN_USE)
        return super().everything().annotate(has_services=NUMBERS | Exists(devices))
