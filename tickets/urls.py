"""The URLs of requests: the portal with the account, the help pages, and pages outside both, such as a party's confirmation."""

from django.urls import path

from billing.views import account
from classound.usage import usage_months
from pbx.move_views import pbx_move, pbx_move_check, pbx_move_choices
from tickets.pages.related import readable
from tickets.services.resellers import transfers_of
from tickets.views import (
    confirm,
    customers,
    files,
    help,
    portal,
    related,
    request_form,
    resellers,
    return_sheet,
    satisfaction,
    subscriptions,
)

portal_urls = [
    path("", portal.home, name="home"),
    path("agreements/", portal.agreements, name="agreements"),
    path("search/", portal.search, name="search"),
    path("requests/", portal.requests, name="requests"),
    path("requests.<table:kind>", portal.requests_file, name="requests_file"),
    path("requests/new/", portal.new, name="new"),
    path("requests/new/<slug:code>/", request_form.RequestFormView.as_view(), name="form"),
    path("requests/new/<slug:code>/check/", request_form.CheckView.as_view(), name="check"),
    path("requests/new/<slug:code>/choose/<slug:field>/", request_form.PickerView.as_view(), name="choose"),
    path("requests/<int:number>/", portal.request_page, name="request"),
    path("requests/<int:number>/news/", portal.news, name="news"),
    path("requests/<int:number>/reply/", portal.reply, name="reply"),
    path("requests/<int:number>/withdraw/", portal.withdraw, name="withdraw"),
    path("requests/<int:number>/rate/", satisfaction.rate, name="rate"),
    path("requests/<int:number>/steps/<slug:code>/", portal.step, name="step"),
    path("resellers/", resellers.resellers, name="resellers"),
    path("resellers/<int:reseller>/", resellers.reseller, name="reseller"),
    path("resellers/<int:reseller>/delete/", resellers.delete_reseller, name="delete_reseller"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:end_user>/", customers.customer, name="customer"),
    path("pbxs/<path:serial>/move/", pbx_move, {"transfers": transfers_of}, name="pbx_move"),
    path("pbxs/<path:serial>/move/check/", pbx_move_check, {"transfers": transfers_of}, name="pbx_move_check"),
    path("pbxs/<path:serial>/move/choices/", pbx_move_choices, name="pbx_move_choices"),
    path("account/", account, {"usage_months": usage_months, "readable": readable}, name="account"),
    path("mails/", subscriptions.mails, name="mails"),
    path("requests/<int:number>/followers/", related.follow, name="follow"),
    path("requests/<int:number>/followers/remove/", related.unfollow, name="unfollow"),
    path("requests/<int:number>/follow-up/", related.follow_up, name="follow_up"),
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
    path("return-sheets/<int:number>/", return_sheet.return_sheet, name="return_sheet"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("attachments/<int:pk>/preview/", files.preview, name="preview"),
    path("attachments/<int:pk>/row/", files.row, name="attachment_row"),
]
