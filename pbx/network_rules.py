"""Rules about WMS networks: one per customer (LIC-5), their users (LIC-6), and agreement with the console (LIC-10).

Pure: facts, dated values and a day in, findings out. The related rows must have been fetched, see `pbx.console`.
"""

from django.utils.translation import gettext as _

from pbx.models import Pbx
from policies.verdict import DENY, WARN, Finding

SHOWN = 5


def one_network_of_the_customer(pbx, active, *, book, today, field=""):
    """LIC-5: a customer has one PBX with active licences, or one WMS network. `active`: the customer's PBXs with active licences.

    Return a warning; none for a PBX without active licences of its own.
    """
    since = book.value("pbx.single_active_since")
    others = _others(pbx, active)
    if today < since or pbx not in active or not others:
        return []
    message = _(
        "%(customer)s has more than one PBX with active licences: %(others)s besides this one. Combine them into one WMS network, "
        "or move them to the end users that use them."
    )
    values = {"customer": pbx.end_user.name, "others": ", ".join(other.name for other in others[:SHOWN])}
    return [Finding("LIC-5", WARN, message % values, field, pbx.serial, policy=book.cite("pbx.single_active_since"))]


def _network(pbx):
    """Return the key of the server of the PBX's WMS network, or its own if it has none."""
    return pbx.wms_server_id or pbx.pk


def _others(pbx, active):
    """Return those of `active` outside the WMS network of the PBX."""
    return [other for other in active if _network(other) != _network(pbx)]


def stays_the_only_network(pbx, active, customer, *, book, today, field):
    """LIC-5: a PBX cannot become active at a customer (its own, or the one it moves to) that has another active network.

    `active` are the customer's PBXs that currently have active licences.
    """
    others = _others(pbx, active)
    if today < book.value("pbx.single_active_since") or not others:
        return []
    message = _(
        "%(customer)s already has active licences on %(others)s. An end user can have one PBX with active licences, or one WMS "
        "network: combine them into one network, or use another end user."
    )
    values = {"customer": customer.name, "others": ", ".join(other.name for other in others[:SHOWN])}
    return [Finding("LIC-5", DENY, message % values, field, pbx.serial, policy=book.cite("pbx.single_active_since"))]


def does_not_become_a_second_one(pbx, *, book, today, field):
    """LIC-5: a PBX can only become active if no other network of its customer is; one already active beside others gets a warning.

    The customer's PBXs must have been fetched.
    """
    active = [
        other for other in pbx.end_user.pbxs.all() if other.terminated_on is None and any(row.quantity for row in other.licences.all())
    ]
    if pbx in active:
        return one_network_of_the_customer(pbx, active, book=book, today=today, field=field)
    return stays_the_only_network(pbx, active, pbx.end_user, book=book, today=today, field=field)


def server_of(pbx):
    """Return the server of the PBX's WMS network; None for a standalone PBX."""
    return pbx.wms_server if pbx.wms_role == Pbx.Role.CLIENT else pbx if pbx.wms_role == Pbx.Role.SERVER else None


def registered_on_clients(server):
    """Return the number of users registered on the client PBXs of a WMS network, as far as their consoles have reported (LIC-6)."""
    consoles = [getattr(client, "console", None) for client in server.wms_clients.all() if client.terminated_on is None]
    return sum(console.registered_users for console in consoles if console)


def user_licences(server, *, book):
    """Return the number of users the server's licences cover (LIC-6)."""
    types = book.value("wms.user_licence_types")
    return sum(licence.quantity for licence in server.licences.all() if licence.licence_type in types)


def users_fit_the_licences(pbx, *, book):
    """LIC-6: warn if more users are registered on the clients of a WMS network than its server has licences for."""
    server = server_of(pbx)
    if server is None or (users := registered_on_clients(server)) <= (licences := user_licences(server, book=book)):
        return []
    message = _(
        "%(users)s users are registered on the client PBXs of this WMS network, but its server %(server)s only has licences for "
        "%(licences)s. Add licences to the server, or remove users."
    )
    values = {"users": users, "server": server.name, "licences": licences}
    return [Finding("LIC-6", WARN, message % values, subject=server.serial, policy=book.cite("wms.user_licence_types"))]


def users_keep_their_licences(server, more_or_fewer, *, book, field):
    """LIC-6: a server cannot lose licences that its clients' users need. `more_or_fewer`: {licence type: change, negative for fewer}."""
    types = book.value("wms.user_licence_types")
    difference = sum(count for licence_type, count in more_or_fewer.items() if licence_type in types)
    if server.wms_role != Pbx.Role.SERVER or difference >= 0:
        return []
    users, left = registered_on_clients(server), user_licences(server, book=book) + difference
    if users <= left:
        return []
    message = _("%(users)s users are registered on the client PBXs of this WMS network, but the remaining licences only cover %(left)s.")
    policy = book.cite("wms.user_licence_types")
    return [Finding("LIC-6", DENY, message % {"users": users, "left": left}, field, server.serial, policy=policy)]


def client_takes_those_of_its_server(pbx, more, *, book, field):
    """LIC-5: warn about user licences bought for a client, which inherits its server's, so that they would have no effect.

    `more`: {type: number added}.
    """
    if pbx.wms_role != Pbx.Role.CLIENT or not set(more) & set(book.value("wms.user_licence_types")):
        return []
    message = _(
        "%(pbx)s is a client in a WMS network and uses the licences of its server %(server)s. Separate licences are charged but do not "
        "allow more users: change the server’s licences instead."
    )
    values = {"pbx": pbx.name, "server": pbx.wms_server.name if pbx.wms_server else ""}
    return [Finding("LIC-5", WARN, message % values, field, pbx.serial, policy=book.cite("wms.user_licence_types"))]


def console_and_portal_agree(pbx, *, book):
    """LIC-10: a PBX merged into a WMS network on its console must be in the same one in the portal to upgrade its WMS.

    Return a warning; none if the console has not reported or reports standalone.
    """
    console = getattr(pbx, "console", None)
    if console is None or console.wms_role == Pbx.Role.STANDALONE:
        return []
    here = pbx.wms_server.serial if pbx.wms_role == Pbx.Role.CLIENT else ""
    if (console.wms_role, console.wms_server) == (pbx.wms_role, here):
        return []
    message = _(
        "The console of %(pbx)s reports: %(console)s. The portal has: %(portal)s. Until they match, the PBX keeps working but cannot be "
        "upgraded to WMS %(version)s or later."
    )
    policy = book.cite("wms.needs_matching_network")
    values = {
        "pbx": pbx.name,
        "console": _place(console.wms_role, console.wms_server),
        "portal": _place(pbx.wms_role, here),
        "version": policy["wms.needs_matching_network"],
    }
    return [Finding("LIC-10", WARN, message % values, subject=pbx.serial, policy=policy)]


def _place(role, server):
    return _("client of %(server)s") % {"server": server} if server else str(dict(Pbx.Role.choices)[role])
