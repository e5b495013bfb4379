"""How many CLASSOUND FLAT licences a PBX has, and how many calls its users can hold at once (DID-11, DID-12). Pure, but for
`with_numbers`, which asks the database whether there are numbers at all."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from pbx.models import Licence, Pbx

# DIDs in service, by their status; this app knows them only by the relation from the PBX.
IN_SERVICE = ("active", "outgoing_only")
POLICIES = ("flat.licence_types", "concurrent_calls")


@dataclass(frozen=True)
class Counted:
    """One type of licence: how many there are, how many FLAT licences come with them, and the calls each user can hold at once."""

    licence_type: str
    title: str
    quantity: int
    flat: int
    calls: int | None


@dataclass(frozen=True)
class Counts:
    """The FLAT licences of a PBX with how they were counted: on which PBX's licences, and by which policy values.

    `server` is the PBX whose licences count in place of its own, for a client in a WMS network; else None.
    """

    flat: int
    has_numbers: bool
    server: Pbx | None
    licences: tuple
    policy: dict = field(default_factory=dict)

    @property
    def sum(self):
        """The licences that FLAT comes with, as a sum in words: "9 Essential + 3 Premium"."""
        return " + ".join(f"{one.quantity} {one.title}" for one in self.licences if one.flat)


def with_numbers(pbxs):
    """The PBXs with whether any DID is in service on each (`has_numbers`), their licences and those of their servers."""
    numbers = Pbx.objects.filter(pk=OuterRef("pk"), dids__status__in=IN_SERVICE)
    return pbxs.select_related("wms_server").prefetch_related("licences", "wms_server__licences").annotate(has_numbers=Exists(numbers))


def counted(pbx, *, has_numbers, book):
    """The Counts of a PBX whose licences (and whose server's) were fetched.

    DID-11: FLAT comes with the numbers, one for each licence of certain types; a client in a WMS network has what its server's
    licences give. Without a number in service there is none. DID-12: calls at once, for each user by licence.
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
