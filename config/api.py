"""Every URL of the API, version 1. Each app contributes its views; the tests walk through this list."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from billing.api import Account, Entries, Invoices
from classound.api import Dids
from config.health import Health
from desk.api import Owners
from hwaas.api import Devices, Orders
from partners.estate_api import EndUsers, Resellers
from pbx.api import Pbxs
from policies.api import PolicyDetail, PolicyList, PolicyValues
from tickets.api.actions import Actions, Files
from tickets.api.rulebook import RuleList
from tickets.api.ticket_types import Kinds
from tickets.api.tickets import Tickets

app_name = "api"

estate = SimpleRouter()
for prefix, view in (
    ("dids", Dids),
    ("devices", Devices),
    ("pbxs", Pbxs),
    ("end-users", EndUsers),
    ("resellers", Resellers),
    ("orders", Orders),
    ("invoices", Invoices),
):
    estate.register(prefix, view, basename=prefix)

TICKET = "tickets/<int:number>/"
ACTIONS = ("messages", "withdraw", "notes", "ask", "answer", "execute", "reject", "override", "correct")


def on(view, **methods):
    """Return a viewset's view with these methods: on(Tickets, get="list")."""
    return view.as_view(methods)


v1 = [
    path("health/", Health.as_view(), name="health"),
    path("ticket-types/", on(Kinds, get="index"), name="kinds"),
    path("ticket-types/<slug:code>/", on(Kinds, get="retrieve"), name="kind"),
    path("ticket-types/<slug:code>/check/", on(Kinds, post="check"), name="check"),
    path("tickets/", on(Tickets, get="list", post="create"), name="tickets"),
    path(TICKET, on(Tickets, get="retrieve"), name="ticket"),
    *(path(f"{TICKET}{name}/", on(Actions, post=name), name=name) for name in ACTIONS),
    path(f"{TICKET}assign/", on(Owners, post="assign"), name="assign"),
    path(f"{TICKET}carrier-outcome/", on(Actions, post="carrier_outcome"), name="carrier_outcome"),
    path(f"{TICKET}steps/<slug:code>/", on(Actions, post="step"), name="step"),
    path(f"{TICKET}attachments/", on(Files, post="attachments"), name="attachments"),
    path(f"{TICKET}attachments/<int:file_id>/", on(Tickets, get="file"), name="file"),
    path(f"{TICKET}confirmations/<slug:party>/letter/", on(Files, post="letter"), name="letter"),
    path(f"{TICKET}confirmations/<slug:party>/send-again/", on(Actions, post="send_again"), name="send_again"),
    path(f"{TICKET}confirmations/<slug:party>/stop/", on(Actions, post="stop_link"), name="stop_link"),
    path("account/", Account.as_view(), name="account"),
    path("account/entries/", on(Entries, get="list"), name="entries"),
    *estate.urls,
    path("rules/", RuleList.as_view(), name="rules"),
    path("policies/", PolicyList.as_view(), name="api-policies"),
    path("policies/<str:code>/", PolicyDetail.as_view(), name="api-policy"),
    path("policies/<str:code>/values/", PolicyValues.as_view(), name="api-policy-values"),
]

public = {"permission_classes": (), "authentication_classes": ()}
urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", SpectacularAPIView.as_view(**public), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema", **public), name="docs"),
]
