"""The policy pages of the admin site: all values by topic, the timeline of each, and the form that adds a dated value."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
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
from policies.picture import picture
from policies.rulebook import RULES
from policies.timeline import announced, timelines
from policies.wording import day_in_full

BUTTONS = ("csrfmiddlewaretoken", "preview", "confirm", "edit", "add_row")


class PolicyPages(PagesAdmin):
    """Pages about policy values; whether a second person is asked is known to each."""

    folder = "policies"

    def page(self, request, name, **context):
        return super().page(request, name, asks_approval=settings.POLICY_APPROVAL, **context)


class PolicyValuePages(PolicyPages):
    """Values are added, or proposed, on their policy's page, and never edited or deleted.

    The desk registers them (desk.admin): it knows the articles and the requests that a value is about.
    """

    def fitting(self, query):
        """The codes of the policies that fit a query of which no policy has all words, the best first."""
        return []

    def touched(self, policy):
        """What else the page of a policy shows: what reads the value."""
        return {}

    def get_urls(self):
        wall = self.admin_site.admin_view
        return [
            path("", wall(self.list_view), name="policies_policyvalue_changelist"),
            path("<str:code>/", wall(self.timeline_view), name="policies_policyvalue_timeline"),
            path("<str:code>/new/", wall(self.new_view), name="policies_policyvalue_new"),
        ]

    def list_view(self, request):
        """Every policy value by topic, or those with all words of `q`, with what is in force and what is announced."""
        of_code = timelines(PolicyValue.objects.told(), _today())
        query = request.GET.get("q", "").strip()[:100]
        found = {code for code, entry in of_code.items() if _has(entry, query.casefold().split())} or self.fitting(query)
        topics = [(title, [of_code[entry.code] for entry in entries if entry.code in found]) for title, entries, _families in TOPICS]
        shown = {"topics": [(title, entries) for title, entries in topics if entries], "announced": announced(of_code), "query": query}
        return self.page(request, "list", title=_("Policy values"), waiting=Proposal.objects.told().open(), **shown)

    def timeline_view(self, request, code):
        """What is in force, what is announced, what waits and what was, with who set, proposed and decided on it, and why."""
        policy, dated = _policy(code), _timeline(code)
        proposed = list(Proposal.objects.told().filter(code=code, added=None))
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
        """The form (`again`, `back` or `proposal` names what to begin with), then what would change, then (confirmed) the value itself."""
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
        is_back = change(policy, form.checked, _timeline(code))["takes_back"]
        try:
            row = services.add_value(
                code, form.checked.valid_from, form.checked.value, form.checked.note, request.user, today, form.checked.basis
            )
        except ValidationError as problems:
            form.add_error(None, problems)
            return self._form_page(request, policy, form)
        said = {"code": code, "value": row.shown, "day": day_in_full(row.valid_from)}
        if isinstance(row, Proposal):
            messages.success(request, _("Proposed: %(code)s %(value)s from %(day)s. It is waiting for approval.") % said)
        elif is_back:
            messages.success(request, _("Taken back: %(code)s does not change on %(day)s.") % said)
        else:
            messages.success(request, _("Added: %(code)s %(value)s from %(day)s.") % said)
        return HttpResponseRedirect(reverse("admin:policies_policyvalue_timeline", args=[code]))

    def _form_page(self, request, policy, form):
        dated = _timeline(policy.code)
        back = dated.to_take_back(request.GET.get("back"))
        title = _("Take back: %(rule)s") if back else _("New value: %(rule)s")
        shown = {"policy": policy, "form": form, "timeline": dated, "back": back}
        return self.page(request, "form", title=title % {"rule": RULES[policy.rule].title}, **shown)

    def _preview_page(self, request, policy, row):
        """What would change, with everything that was typed carried along in hidden fields."""
        shown = change(policy, row, _timeline(policy.code))
        shown["rival"] = Proposal.objects.told().open().filter(code=policy.code, valid_from=row.valid_from).first()
        posted = [(name, value) for name, values in request.POST.lists() if name not in BUTTONS for value in values]
        return self.page(request, "preview", title=_("Review the change"), posted=posted, **shown)


def _today():
    return timezone.now().date()


def _has(entry, words):
    """Whether a Timeline's sentence, code, rule and question of the FAQ have all these words (in small letters)."""
    policy = entry.policy
    text = f"{policy.code} {policy.rule} {RULES[policy.rule].title} {policy.article} {entry.sentence}".casefold()
    return all(word in text for word in words)


def _beginning(code, asked):
    """What the form begins with: a proposal of the policy, what holds before an announced value, an earlier value, or the one in force.

    Changes usually begin with a month; who means another day changes it.
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
