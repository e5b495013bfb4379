"""The policy pages of the admin site: all values by topic, the timeline of each value, and the form that adds a dated value."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import services
from policies.admin_pages import PagesAdmin
from policies.catalog import POLICIES, TOPICS
from policies.change import change
from policies.forms import ValueForm
from policies.models import PolicyValue, Proposal
from policies.rulebook import RULES
from policies.timeline import announced, timelines
from policies.timeline_chart import picture
from policies.wording import day_in_full

BUTTONS = ("csrfmiddlewaretoken", "preview", "confirm", "edit", "add_row")


class PolicyPages(PagesAdmin):
    """Base of the policy pages: every page knows whether values need approval."""

    folder = "policies"

    def page(self, request, name, **context):
        return super().page(request, name, asks_approval=settings.POLICY_APPROVAL, **context)


class PolicyValuePages(PolicyPages):
    """Values are added or proposed on the page of their policy, and never edited or deleted.

    They are registered in desk.admin, which knows the articles and types of request that use a value.
    """

    def fitting(self, query):
        """Return the codes of policies that match a query best, if no policy contains all its words."""
        return []

    def touched(self, policy):
        """Return additional context for the page of a policy: what uses the value."""
        return {}

    def get_urls(self):
        guarded = self.admin_site.admin_view
        return [
            path("", guarded(self.list_view), name="policies_policyvalue_changelist"),
            path("<str:code>/", guarded(self.timeline_view), name="policies_policyvalue_timeline"),
            path("<str:code>/new/", guarded(self.new_view), name="policies_policyvalue_new"),
        ]

    def list_view(self, request):
        """Show all policy values by topic, or those that contain all words of `q`, with values in force and announced."""
        of_code = timelines(PolicyValue.objects.with_authors(), _today())
        query = request.GET.get("q", "").strip()[:100]
        found = {code for code, entry in of_code.items() if _has(entry, query.casefold().split())} or self.fitting(query)
        topics = [(title, [of_code[entry.code] for entry in entries if entry.code in found]) for title, entries, _families in TOPICS]
        shown = {"topics": [(title, entries) for title, entries in topics if entries], "announced": announced(of_code), "query": query}
        return self.page(request, "list", title=_("Policy values"), waiting=Proposal.objects.with_authors().open(), **shown)

    def timeline_view(self, request, code):
        """Show the values in force, announced, proposed and past, with who set, proposed and decided on each, and why."""
        policy, dated = _policy(code), _timeline(code)
        proposed = list(Proposal.objects.with_authors().filter(code=code, added=None))
        return self.page(
            request,
            "timeline",
            title=RULES[policy.rule].title,
            policy=policy,
            timeline=dated,
            picture=picture(dated, _today()),
            rule=RULES[policy.rule],
            waiting=[proposal for proposal in proposed if not proposal.outcome],
            closed=[proposal for proposal in proposed if proposal.outcome],
            **self.touched(policy),
        )

    def new_view(self, request, code):
        """Show the form (`again`, `back` or `proposal` names its initial value), then a preview, then, once confirmed, add the value."""
        policy, today = _policy(code), _today()
        if request.method != "POST":
            return self._form_page(request, policy, ValueForm(policy, today, initial=_beginning(code, request.GET)))
        form = ValueForm(policy, today, request.POST)
        if "add_row" in request.POST or "edit" in request.POST:
            return self._form_page(request, policy, form.as_written(more_rows="add_row" in request.POST))
        if not form.is_valid():
            return self._form_page(request, policy, form)
        if "confirm" not in request.POST:
            return self._preview_page(request, policy, form.checked)
        with transaction.atomic():
            return self._confirmed(request, policy, form, today)

    def _confirmed(self, request, policy, form, today):
        """Add the value, unless another one has been added since the preview: then show what it would change now."""
        code = policy.code
        services.take_turn(code)
        if request.POST.get("seen", _newest(code)) != _newest(code):
            return self._preview_page(request, policy, form.checked, overtaken=True)
        is_back = change(policy, form.checked, _timeline(code))["takes_back"]
        try:
            row = services.add_value(
                code, form.checked.valid_from, form.checked.value, form.checked.note, request.user, today, form.checked.basis
            )
        except ValidationError as problems:
            form.add_error(None, problems)
            return self._form_page(request, policy, form)
        words = {"code": code, "value": row.shown, "day": day_in_full(row.valid_from)}
        if isinstance(row, Proposal):
            messages.success(request, _("Proposed: %(code)s %(value)s from %(day)s. It is waiting for approval.") % words)
        elif is_back:
            messages.success(request, _("Taken back: %(code)s does not change on %(day)s.") % words)
        else:
            messages.success(request, _("Added: %(code)s %(value)s from %(day)s.") % words)
        return HttpResponseRedirect(reverse("admin:policies_policyvalue_timeline", args=[code]))

    def _form_page(self, request, policy, form):
        dated = _timeline(policy.code)
        back = dated.to_take_back(request.GET.get("back"))
        title = _("Take back: %(rule)s") if back else _("New value: %(rule)s")
        shown = {"policy": policy, "form": form, "timeline": dated, "back": back}
        return self.page(request, "form", title=title % {"rule": RULES[policy.rule].title}, **shown)

    def _preview_page(self, request, policy, row, *, overtaken=False):
        """Show what would change, with the submitted data and the newest value seen carried along in hidden fields."""
        shown = change(policy, row, _timeline(policy.code)) | {"overtaken": overtaken, "seen": _newest(policy.code)}
        shown["rival"] = Proposal.objects.with_authors().open().filter(code=policy.code, valid_from=row.valid_from).first()
        posted = [(name, value) for name, values in request.POST.lists() if name not in (*BUTTONS, "seen") for value in values]
        return self.page(request, "preview", title=_("Review the change"), posted=posted, **shown)


def _newest(code):
    """Return the key of the policy's value that was added last, as text; "" if there is none."""
    return str(PolicyValue.objects.filter(code=code).order_by("-pk").values_list("pk", flat=True).first() or "")


def _today():
    return timezone.now().date()


def _has(entry, words):
    """Return whether a Timeline's sentence, code, rule and FAQ question contain all these words (in lower case)."""
    policy = entry.policy
    text = f"{policy.code} {policy.rule} {RULES[policy.rule].title} {policy.article} {entry.sentence}".casefold()
    return all(word in text for word in words)


def _beginning(code, asked):
    """Return the form's initial data: a proposal, the value before an announced one, an earlier value, or the one in force.

    The start date defaults to the first day of next month, when most changes start.
    """
    proposal = next((row for row in Proposal.objects.filter(code=code) if str(row.pk) == asked.get("proposal")), None)
    if proposal:
        return {"value": proposal.value, "basis": proposal.basis or POLICIES[code].basis, "note": proposal.note}
    dated = _timeline(code)
    if back := dated.to_take_back(asked.get("back")):
        kept = dated.before(back.valid_from)
        return {"value": kept.value, "basis": kept.basis, "valid_from": back.valid_from}
    begin = dated.begun_on(asked.get("again"))
    return {"value": begin.value, "basis": begin.basis, "valid_from": _today() + relativedelta(months=1, day=1)}


def _policy(code):
    if code not in POLICIES:
        raise Http404
    return POLICIES[code]


def _timeline(code):
    return PolicyValue.objects.timeline(code, on=_today())
