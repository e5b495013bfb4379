"""Fields for PBXs."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from classound.models import Did
from engine.prepared_queries import prefetch
from hwaas.models import Device
from pbx.models import Licence, Pbx
from pbx.services import lock_customers
from tickets.fields.base import Candidate, OneOf, lock_in_turn

NETWORKS = "end_user__pbxs__licences"  # the fact read by LIC-5
ON_A_PBX = {"licences": Licence, "dids": Did, "devices": Device}


class PbxField(OneOf):
    """A PBX of the partner that has not been terminated, by its serial number, with its licences and Commitments."""

    key, also, shows = "serial", ("name", "end_user__name"), "name"
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

    def lock_rows(self, which):
        """Lock what is judged and changed with a PBX as well: its licences, and its numbers and devices where they are among the facts.

        Where the customer's other PBXs are read, the customer comes first: nothing else on them becomes active meanwhile (LIC-5).
        """
        if not self.lock:
            return []
        if NETWORKS in self.facts:
            lock_customers(*Pbx.objects.filter(which).values_list("end_user", flat=True))
        keys = super().lock_rows(which)
        for name, model in ON_A_PBX.items():
            if name in self.facts:
                lock_in_turn(model.objects.filter(pbx__in=keys))
        return keys

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
