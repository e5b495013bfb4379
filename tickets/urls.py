"""The URLs of requests: the partner's side, and the pages that need no account."""

from django.urls import path

from tickets.views import confirm, files, help, portal, request_form, satisfaction

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
    path("requests/<int:number>/rate/", satisfaction.rate, name="rate"),
    path("requests/<int:number>/steps/<slug:code>/", portal.step, name="step"),
]

help_urls = [
    path("", help.index, name="index"),
    path("rules/", help.rules, name="rules"),
    path("<slug:slug>/", help.article, name="article"),
    path("<slug:slug>/feedback/", help.feedback, name="feedback"),
]

urlpatterns = [
    path("confirm/done/", confirm.confirmed, name="confirmed"),
    path("confirm/<str:token>/", confirm.confirm, name="confirm"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
]
