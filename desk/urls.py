"""The URLs of the desk."""

from django.urls import include, path

from desk.views import actions, assets, panels, pbx_reports, preview, queue, saved, ticket
from partners.gates import care_required
from tickets.urls import team_urls
from tickets.views import tokens

app_name = "desk"
urlpatterns = [
    path("pbxs/<str:serial>/", assets.pbx, name="pbx"),
    path("expirations/", pbx_reports.expirations, name="expirations"),
    path("expirations.csv", pbx_reports.expirations_csv, name="expirations_csv"),
    path("lifetime/", pbx_reports.lifetime, name="lifetime"),
    path("lifetime.csv", pbx_reports.lifetime_csv, name="lifetime_csv"),
    path("accounts/<str:code>/", assets.account, name="account"),
    path("", queue.queue, name="queue"),
    path("new/", queue.new, name="new"),
    path("partners/<int:partner>/team/", include(team_urls)),
    path("tokens/", care_required(tokens.tokens), name="tokens"),
    path("tokens/<int:api_token>/revoke/", care_required(tokens.revoke), name="revoke_token"),
    path("<int:number>/", ticket.ticket_page, name="ticket"),
    path("<int:number>/progress/", ticket.progress, name="progress"),
    path("<int:number>/beside/", ticket.beside, name="beside"),
    path("<int:number>/take/", actions.take, name="take"),
    path("<int:number>/handling/", actions.handling, name="handling"),
    path("<int:number>/reply/", actions.reply, name="reply"),
    path("<int:number>/ask/", actions.ask, name="ask"),
    path("<int:number>/answer/", actions.answer, name="answer"),
    path("<int:number>/execute/", actions.execute, name="execute"),
    path("<int:number>/reject/", actions.reject, name="reject"),
    path("<int:number>/override/", actions.override, name="override"),
    path("<int:number>/steps/<slug:code>/", actions.step, name="step"),
    path("<int:number>/confirmations/<slug:party>/letter/", actions.letter, name="letter"),
    path("<int:number>/confirmations/<slug:party>/send-again/", actions.send_again, name="send_again"),
    path("<int:number>/preview/", preview.preview, name="preview"),
    path("count/", queue.count, name="count"),
    path("fresh/", queue.fresh, name="fresh"),
    path("filters/", panels.filters, name="filters"),
    path("columns/", panels.columns, name="columns"),
    path("partners/", panels.partners, name="partners"),
    path("views/new/", saved.new, name="view_new"),
    path("views/counts/", saved.counts, name="view_counts"),
    path("views/<int:pk>/", saved.view, name="view"),
    path("views/<int:pk>/query/", saved.query, name="view_query"),
    path("views/<int:pk>/delete/", saved.delete, name="view_delete"),
]
