"""The URLs of requests: the partner's side, the desk's side, and the pages that need no account."""

from django.urls import path

from tickets.views import confirm, desk, desk_actions, desk_assets, desk_reports, desk_ticket, files, help, portal, request_form

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
]

help_urls = [
    path("", help.index, name="index"),
    path("rules/", help.rules, name="rules"),
    path("<slug:slug>/", help.article, name="article"),
    path("<slug:slug>/feedback/", help.feedback, name="feedback"),
]

desk_urls = [
    path("pbxs/<str:serial>/", desk_assets.pbx, name="pbx"),
    path("expirations/", desk_reports.expirations, name="expirations"),
    path("expirations.csv", desk_reports.expirations_csv, name="expirations_csv"),
    path("lifetime/", desk_reports.lifetime, name="lifetime"),
    path("lifetime.csv", desk_reports.lifetime_csv, name="lifetime_csv"),
    path("", desk.queue, name="queue"),
    path("new/", desk.new, name="new"),
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
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
]
