"""The URLs of the desk."""

from django.urls import path

from desk.views import actions, assets, automations, bulk, canned, macros, queue, ticket

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
    path("bulk/", bulk.bulk, name="bulk"),
    path("jobs/", bulk.jobs, name="jobs"),
    path("jobs/toast/", bulk.job_toast, name="job_toast"),
    path("jobs/<int:pk>/", bulk.job, name="job"),
    path("jobs/<int:pk>/progress/", bulk.job_progress, name="job_progress"),
    path("jobs/<int:pk>/undo/", bulk.job_undo, name="job_undo"),
    path("macros/", macros.macros, name="macros"),
    path("macros/new/", macros.macro, name="macro_new"),
    path("macros/<int:pk>/", macros.macro, name="macro_edit"),
    path("macros/<int:pk>/retire/", macros.macro_retire, name="macro_retire"),
    path("<int:number>/macro/", macros.apply, name="macro"),
    path("answers/", canned.answers, name="canned_answers"),
    path("answers/new/", canned.answer, name="canned_answer_new"),
    path("answers/<int:pk>/", canned.answer, name="canned_answer"),
    path("answers/<int:pk>/retire/", canned.answer_retire, name="canned_answer_retire"),
    path("canned/", canned.canned, name="canned"),
    path("automations/", automations.automations, name="automations"),
    path("automations/new/", automations.automation, name="automation_new"),
    path("automations/<int:pk>/", automations.automation, name="automation"),
    path("automations/<int:pk>/switch/", automations.automation_switch, name="automation_switch"),
]
