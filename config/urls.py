"""Every URL of the project: the path tells the audience, the module the domain."""

from django.contrib import admin
from django.urls import include, path

from billing.documents import as_csv, as_pdf
from billing.ledger_file import ledger
from billing.views import account
from classound.usage import usage, usage_months
from classound.views import dids, dids_csv
from config import mailbox
from hwaas.views import devices, devices_csv
from pbx.move_views import pbx_move, pbx_move_check, pbx_move_choices
from pbx.report_views import expirations, expirations_csv, lifetime, lifetime_csv
from pbx.views import pbx, pbxs, pbxs_csv
from tickets import urls as tickets
from tickets.services.resellers import transfers_of

assets = [
    path("numbers/", dids, name="dids"),
    path("numbers.csv", dids_csv, name="dids_csv"),
    path("devices/", devices, name="devices"),
    path("devices.csv", devices_csv, name="devices_csv"),
    path("pbxs/", pbxs, name="pbxs"),
    path("pbxs.csv", pbxs_csv, name="pbxs_csv"),
    path("pbxs/<str:serial>/", pbx, name="pbx"),
    path("account/", account, {"usage_months": usage_months}, name="account"),
    path("pbxs/<str:serial>/move/", pbx_move, {"transfers": transfers_of}, name="pbx_move"),
    path("pbxs/<str:serial>/move/check/", pbx_move_check, {"transfers": transfers_of}, name="pbx_move_check"),
    path("pbxs/<str:serial>/move/choices/", pbx_move_choices, name="pbx_move_choices"),
    path("expirations/", expirations, name="expirations"),
    path("expirations.csv", expirations_csv, name="expirations_csv"),
    path("lifetime/", lifetime, name="lifetime"),
    path("lifetime.csv", lifetime_csv, name="lifetime_csv"),
]

urlpatterns = [
    path("", include("partners.urls")),
    path("admin/", admin.site.urls),
    path("portal/", include((tickets.portal_urls + assets, "portal"))),
    path("desk/", include("desk.urls")),
    path("help/", include((tickets.help_urls, "help"))),
    path("documents/<path:number>/csv/", as_csv, name="document_csv"),
    path("documents/<path:number>/pdf/", as_pdf, name="document_pdf"),
    path("ledger/<str:code>/", ledger, name="ledger"),
    path("usage/<str:code>/<str:month>/", usage, name="usage"),
    path("mailbox/", mailbox.index, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox.show, name="mailbox_message"),
    path("api/", include("config.api")),
    path("", include(tickets.urlpatterns)),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many"
handler500 = "config.errors.server_error"
