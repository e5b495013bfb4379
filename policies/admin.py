"""The policy pages of the admin site: all values by topic, the timeline of each, and the form that adds a dated value."""

from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from policies import services
from policies.catalog import POLICIES, TOPICS
from policies.diff import lines
from policies.forms import ValueForm
from policies.models import PolicyValue
from policies.picture import picture
from policies.rulebook import RULES
from policies.timeline import timeline, timelines

BUTTONS = ("csrfmiddlewaretoken", "preview", "confirm", "edit", "add_row")


@admin.register(PolicyValue)
class PolicyValueAdmin(admin.ModelAdmin):
    """Values are added on their policy's page, and never edited or deleted."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        wall = self.admin_site.admin_view
        return [
            path("", wall(self.list_view), name="policies_policyvalue_changelist"),
            path("<str:code>/", wall(self.timeline_view), name="policies_policyvalue_timeline"),
            path("<str:code>/new/", wall(self.new_view), name="policies_policyvalue_new"),
        ]

    def list_view(self, request):
        """Every policy value by topic, or those with all words of `q`, with what is in force and what is announced."""
        of_code = timelines(PolicyValue.objects.select_related("set_by").order_by("set_at", "pk"), _today())
        query = request.GET.get("q", "").strip()[:100]
        found = {code for code, entry in of_code.items() if _has(entry, query.casefold().split())}
        topics = [(title, [of_code[entry.code] for entry in entries if entry.code in found]) for title, entries in TOPICS]
        announced = sorted((t for t in of_code.values() if t.next), key=lambda t: t.next.valid_from)
        shown = {"topics": [(title, entries) for title, entries in topics if entries], "announced": announced, "query": query}
        return self._page(request, "list", title=_("Policy values"), **shown)

    def timeline_view(self, request, code):
        """What is in force, what is announced, and what was, with who set it and why."""
        policy, dated = _policy(code), _timeline(code)
        return self._page(
            request,
            "timeline",
            title=code,
            policy=policy,
            timeline=dated,
            picture=picture(dated, _today()),
            rule=RULES[policy.rule],
        )

    def new_view(self, request, code):
        """The form (`again` names an earlier day to go back to), then what would change, then (confirmed) the value itself."""
        policy, today = _policy(code), _today()
        if request.method != "POST":
            begin = _timeline(code).begun_on(request.GET.get("again"))
            return self._form_page(request, policy, ValueForm(policy, today, initial={"value": begin.value, "basis": begin.basis}))
        form = ValueForm(policy, today, request.POST)
        if "add_row" in request.POST or "edit" in request.POST:
            return self._form_page(request, policy, form.as_written(more_rows="add_row" in request.POST))
        if not form.is_valid():
            return self._form_page(request, policy, form)
        if "confirm" not in request.POST:
            return self._preview_page(request, policy, form.checked)
        row = services.add_value(
            code, form.checked.valid_from, form.checked.value, form.checked.note, request.user, today, form.checked.basis
        )
        said = {"code": code, "value": policy.unit.show(row.value), "day": date_format(row.valid_from, "j F Y")}
        messages.success(request, _("%(code)s: %(value)s from %(day)s.") % said)
        return HttpResponseRedirect(reverse("admin:policies_policyvalue_timeline", args=[code]))

    def _form_page(self, request, policy, form):
        return self._page(
            request,
            "form",
            title=_("New value of %(code)s") % {"code": policy.code},
            policy=policy,
            form=form,
            timeline=_timeline(policy.code),
        )

    def _preview_page(self, request, policy, row):
        """What would change, with everything that was typed carried along in hidden fields."""
        dated = _timeline(policy.code)
        book = PolicyValue.objects.filter(code=policy.code).book(on=row.valid_from)
        present = book.dated(policy.code, origin=row.valid_from)
        return self._page(
            request,
            "preview",
            title=_("Is this what you mean?"),
            policy=policy,
            row=row,
            basis=row.basis or policy.basis,
            new=policy.unit.show(row.value),
            old=policy.unit.show(present.value),
            sentence=policy.say(row.value),
            lines=lines(policy.unit, present.value, row.value),
            replaced=next((entry for entry in dated.entries if entry.valid_from == row.valid_from and entry.set_by), None),
            follower=next((entry for entry in dated.announced if entry.valid_from > row.valid_from), None),
            posted=[(name, value) for name, values in request.POST.lists() if name not in BUTTONS for value in values],
        )

    def _page(self, request, name, **context):
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, f"admin/policies/{name}.html", context)


def _today():
    return timezone.now().date()


def _has(entry, words):
    """Whether a Timeline's sentence, code and rule have all these words (in small letters)."""
    text = f"{entry.policy.code} {entry.policy.rule} {entry.sentence}".casefold()
    return all(word in text for word in words)


def _policy(code):
    if code not in POLICIES:
        raise Http404
    return POLICIES[code]


def _timeline(code):
    return timeline(code, PolicyValue.objects.filter(code=code).select_related("set_by").order_by("set_at", "pk"), _today())
