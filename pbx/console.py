"""Fetches what the rules about WMS networks look at: what consoles have reported, the clients of the network, the server's licences."""

from django.db.models import Prefetch

from pbx.models import Pbx


def with_console(pbxs):
    """The PBXs with their console report, their network's clients with theirs, and the licences of PBX and server."""
    clients = Pbx.objects.select_related("console")
    return pbxs.select_related("console", "wms_server").prefetch_related(
        "licences", "wms_server__licences", Prefetch("wms_clients", clients), Prefetch("wms_server__wms_clients", clients)
    )
