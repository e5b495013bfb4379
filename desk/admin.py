"""Policy values and proposals in the admin site. They belong to the desk because their pages show requests and articles."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.pages import policy_values
from desk.pages.rehearsal import latest, summary
from desk.services import rehearsal
from partners.models import User
from policies import approval
from policies.admin import PolicyPages, PolicyValuePages
from policies.catalog import POLICIES
from policies.change import change
from policies.models import PolicyValue, Proposal
from policies.timeline import timelines
from policies.wording import day_in_full
from web.spreadsheets import addresses, answer

CLOSED = 20  # the latest decided proposals on the list; the page of each policy shows all of its own


@admin.register(PolicyValue)
class PolicyValueAdmin(PolicyValuePages):
    """Policy values: searchable by the words of the articles too, shown with everything that uses them, and downloadable as a file."""

    def get_urls(self):
        return [path("all.<table:kind>", self.admin_site.admin_view(self.file_view), name="policies_policyvalue_file"), *super().get_urls()]

    def file_view(self, request, kind):
        """Return a file of every dated value of every policy, with who set it, when and why, for auditors."""
        now = timezone.now()
        of_code = timelines(PolicyValue.objects.with_authors(), now.date())
        return answer(kind, f"policy-values-{now:%Y-%m-%d}", policy_values.HEADING, policy_values.rows(of_code))

    def page(self, request, name, **context):
        files = addresses("admin:policies_policyvalue_file") if name == "list" else None
        return super().page(request, name, files=files, **context)

    def fitting(self, query):
        return policy_values.matching_codes(query)

    def touched(self, policy):
        return policy_values.usages(policy) | {"rehearsals": latest(policy)}


@admin.register(Proposal)
class ProposalAdmin(PolicyPages):
    """The proposals that await a second administrator, and the page on which that administrator decides."""

    def get_urls(self):
        guarded = self.admin_site.admin_view
        return [
            path("", guarded(self.list_view), name="policies_proposal_changelist"),
            path("<int:pk>/", guarded(self.proposal_view), name="policies_proposal_one"),
        ]

    def list_view(self, request):
        """List the open proposals and those decided lately."""
        rows = Proposal.objects.with_authors()
        closed = rows.exclude(outcome="").order_by("-decided_at")[:CLOSED]
        shown = {"waiting": rows.open(), "closed": closed, "is_alone": _is_alone(request.user)}
        return self.page(request, "proposals", title=_("Proposed values"), **shown)

    def proposal_view(self, request, pk):
        """Show one proposal, its effect and the effect it would have had on past requests; the buttons decide on it."""
        proposal, now, errors = _proposal(pk), timezone.now(), {}
        if "try" in request.POST:
            return redirect("desk:rehearsal", rehearsal.start(proposal.as_value(), request.user, at=now).pk)
        if request.method == "POST":
            try:
                messages.success(request, _decide(proposal, request.POST, by=request.user, at=now))
                return redirect("admin:policies_policyvalue_timeline", proposal.code)
            except approval.Decided as told:
                messages.warning(request, str(told))
                return redirect("admin:policies_policyvalue_timeline", proposal.code)
            except ValidationError as problems:
                errors = problems.message_dict
        context = _context(proposal, request.user, now)
        reason = {"reason": request.POST.get("reason", ""), "reason_errors": errors.pop("reason", [])}
        title = _("Proposed value: %(rule)s") % {"rule": proposal.title}
        return self.page(request, "proposal", title=title, errors=list(errors.values()), **reason, **context)


def _proposal(pk):
    try:
        return Proposal.objects.with_authors().get(pk=pk)
    except Proposal.DoesNotExist:
        raise Http404 from None


def _is_alone(user):
    """Return whether no other administrator could approve this one's proposals."""
    return not User.objects.administrators().exclude(pk=user.pk).exists()


def _decide(proposal, posted, *, by, at):
    """Carry out the decision of the pressed button; return the message to show."""
    said = {"code": proposal.code, "value": proposal.shown, "day": day_in_full(proposal.valid_from)}
    if "approve" in posted:
        approval.approve(proposal.pk, by=by, at=at)
        return _("Approved: %(code)s changes to %(value)s on %(day)s.") % said
    if "decline" in posted:
        approval.decline(proposal.pk, posted.get("reason", ""), by=by, at=at)
        return _("Declined: %(code)s will not change to %(value)s on %(day)s.") % said
    if "withdraw" in posted:
        approval.withdraw(proposal.pk, by=by, at=at)
        return _("Withdrawn: %(code)s will not change to %(value)s on %(day)s.") % said
    raise ValidationError({"": _("Approve, decline or withdraw the proposal.")})


def _context(proposal, user, now):
    """Return the context of the page; the effect on past requests is included only while the proposal can still be approved."""
    policy, row = POLICIES[proposal.code], proposal.as_value()
    shown = {"proposal": proposal, "policy": policy, "is_mine": proposal.proposed_by_id == user.pk, "row": row}
    shown["is_alone"] = _is_alone(user)
    if proposal.outcome:
        return shown
    dated = PolicyValue.objects.timeline(policy.code, on=now.date())
    shown |= change(policy, row, dated) | {"is_over": row.valid_from < now.date()}
    if not shown["is_over"]:
        shown["tried"] = (told := rehearsal.latest(row)) and summary(told)
    return shown
