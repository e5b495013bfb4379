"""Fields that name PBXs."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from classound.models import Did
from engine.prepared import read_ahead
from hwaas.models import Device
from pbx.models import Pbx
from tickets.fields.base import Candidate, OneOf


class PbxField(OneOf):
    """A PBX of the partner that is not terminated, by its serial number, with its licences and Commitments."""

    key, also, shows = "serial", "name", "name"
    nothing = _("There is no PBX yet.")
    unknown = _("%(value)s is not the serial number of one of your PBXs.")

    def __init__(self, *, facts=(), facts_of_servers=(), listed=OneOf.listed, **kwargs):
        """`facts` names related rows that the type's rules look at, beside those that all need; of the servers of WMS networks more.

        `listed` is how many the picker lists at once, where judging one takes long.
        """
        super().__init__(**kwargs)
        self.listed = listed
        self.facts = (*facts, "commitments", "licences")  # these last: what others of its customer have comes with the same question
        self.facts_of_servers = facts_of_servers

    def with_facts(self, rows):
        read_ahead([pbx for pbx in rows if pbx.wms_role == Pbx.Role.SERVER], *self.facts_of_servers)
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
    """A PBX with whether there are numbers on it (`has_numbers`), and with the licences of its server, for rules that look at them."""

    def __init__(self, *, facts=(), **kwargs):
        super().__init__(facts=(*facts, "wms_server__licences"), **kwargs)

    @classmethod
    def everything(cls):
        return super().everything().annotate(has_numbers=NUMBERS)


class ServedPbxField(PbxField):
    """A PBX with whether numbers or HWaaS devices are in service on it (`has_services`), for rules that look at none of them."""

    @classmethod
    def everything(cls):
        devices = Device.objects.filter(pbx=OuterRef("pk"), ownership=Device.Ownership.SERVICE, state=Device.State.IN_USE)
        return super().everything().annotate(has_services=NUMBERS | Exists(devices))
