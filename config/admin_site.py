"""The admin site: for administrators only, entered through the same sign-in (with its mailed code) as everything else."""

from functools import update_wrapper

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.models import PolicyValue, Proposal
from policies.timeline import announced, timelines
from tickets.services import attention

# The apps as an administrator meets them: what is tuned first, what is only looked at last.
APPS = {
    "policies": _("Policies"),
    "partners": _("Partners and people"),
    "estate": _("Estate"),
    "hwaas": _("HWaaS and hardware"),
    "pbx": _("PBXs and licences"),
    "classound": _("CLASSOUND"),
    "billing": _("Billing"),
    "tickets": _("Tickets"),
    "inbound": _("Mails that came in"),
    "webhooks": _("Webhooks"),
}
# What an administrator goes there for.
ABOUT = {
    "policies": _("Periods, fees, dates and lists that requests are judged by. A new value begins on a day; earlier ones stay on record."),
    "partners": _("Who signs in, with which role and for which partner. Companies come with the estate."),
    "estate": _(
        "Companies, PBXs, numbers, devices, calls … from CSV files: rehearsed first, then imported. Who imported what stays on record."
    ),
    "hwaas": _("Prices and stock of items, and from when a device is billed. Orders and RMAs to look at."),
    "pbx": _("How many licences a PBX has, what its console reports, whether a Commitment renews."),
    "classound": _("Numbers and what was decided about them. Mark here what was ported away."),
    "billing": _("Invoices and the ledger to look at; the bonus increase, with its terms and monthly results."),
    "inbound": _("What became of each answer to a mail of ours: where to look when somebody asks for one."),
    "webhooks": _("Partners’ own systems that are told what happens, and each call: where to look when one is not told."),
}


class CarelineAdmin(admin.AdminSite):
    """Anonymous visitors are sent to sign in, everybody but administrators finds nothing here."""

    site_header = site_title = _("Careline administration")
    index_title = _("Administration")
    empty_value_display = "–"

    def admin_view(self, view, cacheable=False):
        """Wall the view: the admin's own login page would let people in without the verification code."""
        guarded = super().admin_view(view, cacheable)

        def walled(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return HttpResponse(status=401) if request.htmx else redirect_to_login(request.get_full_path())
            # A NUL is in no text of the database, and the admin's own filters would ask it all the same.
            if not self.has_permission(request) or "%00" in request.META["QUERY_STRING"]:
                raise Http404
            return guarded(request, *args, **kwargs)

        return update_wrapper(walled, guarded)

    def login(self, request, extra_context=None):
        """There is no second way to sign in."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise Http404
            return HttpResponseRedirect(reverse("admin:index"))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return HttpResponseRedirect(resolve_url("account_logout"))

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(resolve_url("account_change_password"))

    def index(self, request, extra_context=None):
        """The first page also says what stands still, what waits for the approval of this administrator, and which values are announced."""
        now = timezone.now()
        today = now.date()
        waiting = Proposal.objects.waiting_for(request.user, today=today)
        upcoming = announced(timelines(PolicyValue.objects.told(), today))
        return super().index(
            request, {"troubles": attention.there(at=now), "waiting": waiting, "announced": upcoming} | (extra_context or {})
        )

    def app_index(self, request, app_label, extra_context=None):
        return super().app_index(request, app_label, {"title": APPS.get(app_label)} | (extra_context or {}))

    def get_app_list(self, request, app_label=None):
        apps, order = super().get_app_list(request, app_label), list(APPS)
        told = [app | {"about": ABOUT.get(app["app_label"], ""), "models": sorted(app["models"], key=_is_to_look_at)} for app in apps]
        return sorted(told, key=lambda app: order.index(app["app_label"]) if app["app_label"] in APPS else len(order))


def _is_to_look_at(model):
    """What can be changed comes before what is only looked at; policy values have pages of their own and keep their place."""
    return model["view_only"]
