"""The URLs of requests: the partner's side, the desk's side, and the pages that need no account."""

from django.urls import include, path

from partners.gates import care_required, contact_required
from tickets.views import (
    confirm,
    customers,
    desk,
    desk_actions,
    desk_assets,
    desk_ticket,
    files,
    help,
    invitation,
    person,
    portal,
    request_form,
    resellers,
    team,
    tokens,
)

# The same pages for contacts about their own company and for staff about any.
team_urls = [
    path("", team.team, name="team"),
    path("invite/", team.invite, name="invite"),
    path("invitations/<int:invitation>/send/", team.invite_again, name="invite_again"),
    path("invitations/<int:invitation>/withdraw/", team.withdraw_invitation, name="withdraw_invitation"),
    path("<int:person>/", person.person, name="person"),
    path("<int:person>/end/", person.end_access, name="end_access"),
    path("<int:person>/give/", person.give_access, name="give_access"),
    path("<int:person>/send/", person.send_link, name="send_link"),
]

portal_urls = [
    path("", portal.home, name="home"),
    path("search/", portal.search, name="search"),
    path("requests/", portal.requests, name="requests"),
    path("requests/new/", portal.new, name="new"),
    path("requests/new/<slug:code>/", request_form.RequestFormView.as_view(), name="form"),
    path("requests/new/<slug:code>/check/", request_form.CheckView.as_view(), name="check"),
    path("requests/new/<slug:code>/choose/<slug:field>/", request_form.PickerView.as_view(), name="choose"),
    path("requests/<int:number>/", portal.request_page, name="request"),
    path("requests/<int:number>/reply/", portal.reply, name="reply"),
    path("requests/<int:number>/withdraw/", portal.withdraw, name="withdraw"),
    path("requests/<int:number>/steps/<slug:code>/", portal.step, name="step"),
    path("team/", include(team_urls)),
    path("resellers/", resellers.resellers, name="resellers"),
    path("resellers/<int:reseller>/", resellers.reseller, name="reseller"),
    path("resellers/<int:reseller>/delete/", resellers.delete_reseller, name="delete_reseller"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:end_user>/", customers.customer, name="customer"),
    path("tokens/", contact_required(tokens.tokens), name="tokens"),
    path("tokens/<int:api_token>/revoke/", contact_required(tokens.revoke), name="revoke_token"),
]

help_urls = [
    path("", help.index, name="index"),
    path("rules/", help.rules, name="rules"),
    path("<slug:slug>/", help.article, name="article"),
    path("<slug:slug>/feedback/", help.feedback, name="feedback"),
]

desk_urls = [
    path("pbxs/<str:serial>/", desk_assets.pbx, name="pbx"),
    path("", desk.queue, name="queue"),
    path("new/", desk.new, name="new"),
    path("partners/", team.companies, name="companies"),
    path("partners/<int:partner>/team/", include(team_urls)),
    path("tokens/", care_required(tokens.tokens), name="tokens"),
    path("tokens/<int:api_token>/revoke/", care_required(tokens.revoke), name="revoke_token"),
    path("<int:number>/", desk_ticket.ticket_page, name="ticket"),
    path("<int:number>/progress/", desk_ticket.progress, name="progress"),
    path("<int:number>/beside/", desk_ticket.beside, name="beside"),
    path("<int:number>/take/", desk_actions.take, name="take"),
    path("<int:number>/handling/", desk_actions.handling, name="handling"),
    path("<int:number>/reply/", desk_actions.reply, name="reply"),
    path("<int:number>/ask/", desk_actions.ask, name="ask"),
    path("<int:number>/answer/", desk_actions.answer, name="answer"),
    path("<int:number>/execute/", desk_actions.execute, name="execute"),
    path("<int:number>/reject/", desk_actions.reject, name="reject"),
    path("<int:number>/override/", desk_actions.override, name="override"),
    path("<int:number>/steps/<slug:code>/", desk_actions.step, name="step"),
    path("<int:number>/confirmations/<slug:party>/letter/", desk_actions.letter, name="letter"),
    path("<int:number>/confirmations/<slug:party>/send-again/", desk_actions.send_again, name="send_again"),
]

urlpatterns = [
    path("confirm/done/", confirm.confirmed, name="confirmed"),
    path("confirm/<str:token>/", confirm.confirm, name="confirm"),
    path("account/invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
]
