"""The URLs of the desk."""

from django.urls import path

from desk.views import actions, assets, belonging, drafts, queue, ticket

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
    path("<int:number>/reply/", drafts.reply, name="reply"),
    path("<int:number>/ask/", actions.ask, name="ask"),
    path("<int:number>/answer/", actions.answer, name="answer"),
    path("<int:number>/execute/", actions.execute, name="execute"),
    path("<int:number>/reject/", actions.reject, name="reject"),
    path("<int:number>/override/", actions.override, name="override"),
    path("<int:number>/steps/<slug:code>/", actions.step, name="step"),
    path("<int:number>/confirmations/<slug:party>/letter/", actions.letter, name="letter"),
    path("<int:number>/confirmations/<slug:party>/send-again/", actions.send_again, name="send_again"),
    path("<int:number>/recheck/", ticket.recheck, name="recheck"),
    path("<int:number>/live/", ticket.live, name="live"),
    path("<int:number>/status/", actions.status, name="status"),
    path("<int:number>/tags/", belonging.tags, name="tags"),
    path("<int:number>/followers/", belonging.follow, name="follow"),
    path("<int:number>/followers/remove/", belonging.unfollow, name="unfollow"),
    path("<int:number>/links/", belonging.link, name="link"),
    path("<int:number>/links/remove/", belonging.unlink, name="unlink"),
    path("<int:number>/merge/", belonging.merge, name="merge"),
    path("<int:number>/merge/undo/", belonging.unmerge, name="unmerge"),
    path("<int:number>/split/", belonging.split, name="split"),
    path("<int:number>/follow-up/", belonging.follow_up, name="follow_up"),
    path("<int:number>/draft/", drafts.draft, name="draft"),
    path("<int:number>/unsend/", drafts.unsend, name="unsend"),
    path("articles/", drafts.articles, name="articles"),
    path("people/", drafts.people, name="people"),
    path("tags/", belonging.used_tags, name="used_tags"),
]
