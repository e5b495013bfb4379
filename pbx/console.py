"""Prefetching for the rules about WMS networks: console reports, clients of the network, licences of the server."""

from django.db.models import Prefetch

from pbx.models import Pbx


def with_console(pbxs):
    """Return the PBXs with their console report, their network's clients and reports, and the licences of PBX and server."""
    clients = Pbx.objects.select_related("console")
    return pbxs.select_related("console", "wms_server").prefetch_related(
        "licences", "wms_server__licences", Prefetch("wms_clients", clients), Prefetch("wms_server__wms_clients", clients)
    )
