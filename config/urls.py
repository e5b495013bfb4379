"""Every URL of the project: the path tells the audience, the module the domain."""

from django.contrib import admin
from django.urls import include, path

from billing.documents import as_pdf, as_table
from billing.ledger_file import ledger
from billing.views import account
from classound.usage import usage, usage_months
from classound.usage_views import usage_page, usage_reports
from classound.views import dids, dids_file
from config import mailbox
from hwaas.views import devices, devices_file
from partners.gates import contact_required
from pbx import report_views
from pbx.move_views import pbx_move, pbx_move_check, pbx_move_choices
from pbx.views import pbx, pbxs, pbxs_file
from tickets import urls as tickets
from tickets.services.resellers import transfers_of
from webhooks import views as webhooks

assets = [
    path("numbers/", dids, name="dids"),
    path("numbers.<table:kind>", dids_file, name="dids_file"),
    path("devices/", devices, name="devices"),
    path("devices.<table:kind>", devices_file, name="devices_file"),
    path("pbxs/", pbxs, name="pbxs"),
    path("pbxs.<table:kind>", pbxs_file, name="pbxs_file"),
    path("pbxs/<str:serial>/", pbx, name="pbx"),
    path("account/", account, {"usage_months": usage_months}, name="account"),
    path("pbxs/<str:serial>/move/", pbx_move, {"transfers": transfers_of}, name="pbx_move"),
    path("pbxs/<str:serial>/move/check/", pbx_move_check, {"transfers": transfers_of}, name="pbx_move_check"),
    path("pbxs/<str:serial>/move/choices/", pbx_move_choices, name="pbx_move_choices"),
    *report_views.paths(contact_required),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/calls/", webhooks.calls, name="webhook_calls"),
    path("webhooks/<int:pk>/calls/<int:call>/again/", webhooks.again, name="webhook_again"),
    path("webhooks/<int:pk>/try/", webhooks.try_out, name="webhook_try"),
    path("webhooks/<int:pk>/switch/", webhooks.switch, name="webhook_switch"),
    path("webhooks/<int:pk>/secret/", webhooks.renew, name="webhook_renew"),
    path("webhooks/<int:pk>/delete/", webhooks.delete, name="webhook_delete"),
]

urlpatterns = [
    path("", include("partners.urls")),
    path("admin/", admin.site.urls),
    path("portal/", include((tickets.portal_urls + assets, "portal"))),
    path("desk/", include("desk.urls")),
    path("help/", include((tickets.help_urls, "help"))),
    path("documents/<path:number>.pdf", as_pdf, name="document_pdf"),
    path("documents/<path:number>.<table:kind>", as_table, name="document"),
    path("ledger/<str:code>.<table:kind>", ledger, name="ledger"),
    path("usage/<str:code>/reports/", usage_reports, name="usage_reports"),
    path("usage/<str:code>/<str:month>/", usage_page, name="usage_page"),
    path("usage/<str:code>/<str:month>.<table:kind>", usage, name="usage"),
    path("mailbox/", mailbox.index, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox.show, name="mailbox_message"),
    path("mailbox/<slug:name>/page/", mailbox.page, name="mailbox_page"),
    path("api/", include("config.api")),
    path("", include(tickets.urlpatterns)),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many"
handler500 = "config.errors.server_error"
