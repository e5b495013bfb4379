"""The URLs of the desk."""

from django.urls import path

from desk.views import actions, agents, assets, queue, ticket

app_name = "desk"
urlpatterns = [
    path("pbxs/<str:serial>/", assets.pbx, name="pbx"),
    path("", queue.queue, name="queue"),
    path("new/", queue.new, name="new"),
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
    path("team/", agents.team, name="team"),
    path("team/<int:pk>/", agents.agent, name="agent"),
]
