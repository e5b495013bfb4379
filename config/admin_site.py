"""The admin site: for administrators only, behind the same sign-in with an e-mailed code as all other pages."""

from functools import update_wrapper
from operator import itemgetter

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.models import PolicyValue, Proposal
from policies.timeline import announced, timelines
from tickets.services import monitoring

# The apps under the names administrators know, those that are changed most first, view-only ones last.
APPS = {
    "policies": _("Policies"),
    "partners": _("Partners and people"),
    "estate": _("Estate"),
    "hwaas": _("HWaaS and hardware"),
    "pbx": _("PBXs and licences"),
    "classound": _("CLASSOUND"),
    "billing": _("Billing"),
    "tickets": _("Tickets"),
    "inbound": _("Incoming e-mails"),
    "webhooks": _("Webhooks"),
}
# What administrators do there.
ABOUT = {
    "policies": _("Periods, fees, dates and lists for judging requests. New values take effect on a date; earlier ones stay on record."),
    "partners": _("Who can sign in, with which role and for which partner. Companies come with the estate."),
    "estate": _("Import companies, PBXs, numbers, devices, calls and more from CSV files, after a rehearsal. All imports stay on record."),
    "hwaas": _("Prices and stock of items, and the billing start of devices. View orders and RMAs."),
    "pbx": _("Licences of PBXs, the reports of their consoles, and the renewal of Commitments."),
    "classound": _("Numbers and the decisions about them. Mark ported-out numbers here."),
    "billing": _("View invoices and the ledger. Manage the bonus increase with its terms and monthly results."),
    "inbound": _("The outcome of every reply by e-mail. Look here if a reply is missing."),
    "webhooks": _("Partners’ systems that we call about events, with each call. Look here if a call is missing."),
}


class CarelineAdmin(admin.AdminSite):
    """Redirects anonymous visitors to the sign-in page, and hides everything from all but administrators."""

    site_header = site_title = _("Careline administration")
    index_title = _("Administration")
    empty_value_display = "–"

    def admin_view(self, view, cacheable=False):
        """Restrict the view to administrators. The admin's own login page, which lacks the verification code, is never used."""
        guarded = super().admin_view(view, cacheable)

        def walled(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return HttpResponse(status=401) if request.htmx else redirect_to_login(request.get_full_path())
            # The database has no text with a NUL, but the admin's own filters would still query for one.
            if not self.has_permission(request) or "%00" in request.META["QUERY_STRING"]:
                raise Http404
            return guarded(request, *args, **kwargs)

        return update_wrapper(walled, guarded)

    def login(self, request, extra_context=None):
        """Redirect to the only sign-in page."""
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
        """Add current troubles, the proposals awaiting this administrator's approval and the announced values to the first page."""
        now = timezone.now()
        today = now.date()
        waiting = Proposal.objects.waiting_for(request.user, today=today)
        upcoming = announced(timelines(PolicyValue.objects.with_authors(), today))
        return super().index(
            request, {"troubles": monitoring.current_problems(at=now), "waiting": waiting, "announced": upcoming} | (extra_context or {})
        )

    def app_index(self, request, app_label, extra_context=None):
        return super().app_index(request, app_label, {"title": APPS.get(app_label)} | (extra_context or {}))

    def get_app_list(self, request, app_label=None):
        apps, order = super().get_app_list(request, app_label), list(APPS)
        for app in apps:
            # Models that can be changed come before view-only ones; policy values have their own pages and keep their place.
            app |= {"about": ABOUT.get(app["app_label"], ""), "models": sorted(app["models"], key=itemgetter("view_only"))}
        return sorted(apps, key=lambda app: order.index(app["app_label"]) if app["app_label"] in APPS else len(order))
