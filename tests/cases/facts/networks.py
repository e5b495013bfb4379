"""WMS networks of a case, with the reports of their consoles."""

from partners.models import EndUser
from pbx.models import ConsoleReport, Licence, Pbx


def a_system(number, role="standalone", server=None, *, licences=None, clients=(), console=None, **fields):
    """Return a PBX with the serial number P1, P2 …; `licences` are {type: quantity}, `console` is (role, server, users)."""
    pbx = Pbx(pk=number, serial=f"P{number}", name=f"Office {number}", end_user=EndUser(pk=1, name="Bakery"), wms_role=role, **fields)
    pbx.wms_server = server
    rows = [Licence(pbx=pbx, licence_type=kind, quantity=count) for kind, count in (licences or {}).items()]
    pbx._prefetched_objects_cache = {"licences": rows, "wms_clients": list(clients), "commitments": []}
    pbx._state.fields_cache["console"] = None
    if console:
        role, server, users = console
        pbx.console = ConsoleReport(pbx=pbx, wms_role=role, wms_server=server, registered_users=users)
    return pbx


def a_network(users, licences):
    """Return the server with these licences, and its clients, each with its number of registered users."""
    server = a_system(1, "server", licences=licences)
    clients = [a_system(2 + place, "client", server, console=("client", "P1", count)) for place, count in enumerate(users)]
    server._prefetched_objects_cache["wms_clients"] = clients
    return server, clients
