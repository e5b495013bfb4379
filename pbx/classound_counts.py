"""The number of CLASSOUND FLAT licences of a PBX, and of concurrent calls per user (DID-11, DID-12).

Pure except for `with_numbers`, which queries whether there are numbers at all.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from pbx.models import Licence, Pbx

# Statuses of DIDs in service; this app only knows DIDs through the relation from the PBX.
IN_SERVICE = ("active", "outgoing_only")
POLICIES = ("flat.licence_types", "concurrent_calls")


@dataclass(frozen=True)
class Counted:
    """One type of licence: its quantity, the FLAT licences that come with it, and the concurrent calls per user."""

    licence_type: str
    title: str
    quantity: int
    flat: int
    calls: int | None


@dataclass(frozen=True)
class Counts:
    """The FLAT licences of a PBX and how they were counted: from which PBX's licences, and by which policy values.

    For a client in a WMS network, `server` is the PBX whose licences are counted instead of its own; otherwise None.
    """

    flat: int
    has_numbers: bool
    server: Pbx | None
    licences: tuple
    policy: dict = field(default_factory=dict)

    @property
    def sum(self):
        """Return the licences that FLAT comes with as a sum: "9 Essential + 3 Premium"."""
        return " + ".join(f"{one.quantity} {one.title}" for one in self.licences if one.flat)


def with_numbers(pbxs):
    """Annotate PBXs with whether any DID is in service (`has_numbers`), and fetch their and their servers' licences."""
    numbers = Pbx.objects.filter(pk=OuterRef("pk"), dids__status__in=IN_SERVICE)
    return pbxs.select_related("wms_server").prefetch_related("licences", "wms_server__licences").annotate(has_numbers=Exists(numbers))


def counted(pbx, *, has_numbers, book):
    """Return the Counts of a PBX whose licences (and whose server's) have been fetched.

    DID-11: FLAT comes with numbers, one for each licence of certain types; for a client in a WMS network, its server's licences
    are counted. Without a number in service there is none. DID-12: concurrent calls per user depend on the licence.
    """
    server = pbx.wms_server if pbx.wms_role == Pbx.Role.CLIENT else None
    flat_types, calls = book.value("flat.licence_types"), {kind: int(most) for kind, most in book.value("concurrent_calls")}
    licences = tuple(
        Counted(
            licence.licence_type,
            licence.get_licence_type_display(),
            licence.quantity,
            licence.quantity if has_numbers and licence.licence_type in flat_types else 0,
            calls.get(licence.licence_type),
        )
        for licence in sorted((server or pbx).licences.all(), key=_order)
        if licence.licence_type in calls or licence.licence_type in flat_types
    )
    return Counts(sum(one.flat for one in licences), has_numbers, server, licences, book.cite(*POLICIES))


def _order(licence):
    return Licence.Type.values.index(licence.licence_type)
