"""URLs of PBXs and their reports. Those of a move are in tickets/urls.py, because its page also depends on open requests."""

from django.urls import path
from django.views.decorators.http import require_safe

from partners.gates import care_required, contact_required
from pbx.report_views import expirations, expirations_file, lifetime, lifetime_file
from pbx.views import pbx, pbxs, pbxs_file


def reports(gate):
    """Return the URLs of the reports for those the gate admits; the names are the same in the portal and at the desk."""
    views = (
        ("expirations/", expirations),
        ("expirations.<table:kind>", expirations_file),
        ("lifetime/", lifetime),
        ("lifetime.<table:kind>", lifetime_file),
    )
    return [path(route, require_safe(gate(view)), name=view.__name__) for route, view in views]


portal_urls = [
    path("pbxs/", pbxs, name="pbxs"),
    path("pbxs.<table:kind>", pbxs_file, name="pbxs_file"),
    path("pbxs/<path:serial>/", pbx, name="pbx"),
    *reports(contact_required),
]

desk_urls = reports(care_required)
