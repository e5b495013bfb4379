"""Every URL of the project: the first part of the path is the audience, and each app names its own addresses for it (its urls.py)."""

from django.contrib import admin
from django.urls import include, path

from billing import urls as billing
from classound import urls as classound
from config import mailbox
from desk import urls as desk
from hwaas import urls as hwaas
from partners import urls as partners
from pbx import urls as pbx
from tickets import urls as tickets
from webhooks import urls as webhooks

portal_urls = [url for app in (tickets, partners, pbx, hwaas, classound, webhooks) for url in app.portal_urls]

urlpatterns = [
    path("", include(partners.urlpatterns)),
    path("admin/", admin.site.urls),
    path("portal/", include((portal_urls, "portal"))),
    path("desk/", include((desk.urlpatterns + partners.desk_urls + pbx.desk_urls, "desk"))),
    path("help/", include((tickets.help_urls, "help"))),
    path("", include(tickets.urlpatterns)),
    path("", include(billing.urlpatterns)),
    path("", include(classound.urlpatterns)),
    path("mailbox/", mailbox.index, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox.show, name="mailbox_message"),
    path("mailbox/<slug:name>/page/", mailbox.page, name="mailbox_page"),
    path("api/", include("config.api")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many"
handler500 = "config.errors.server_error"
