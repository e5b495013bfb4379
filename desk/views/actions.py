"""Actions of agents on a ticket: each handles a POST, calls one service and redirects to the ticket page."""

from functools import partial, wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.forms import SnoozeForm
from desk.pages import snoozed
from desk.pages.ticket_forms import FailedForm
from desk.services import owners, team
from desk.views.ticket import shown
from partners.gates import care_required
from tickets.forms import HandlingForm, LetterForm, MessageForm, OverrideForm, RejectForm, StopForm, TakeBackForm
from tickets.models import Confirmation, Event, Ticket
from tickets.services import agent_actions, clocks, consents, conversation, execution, reversals, snoozing, unfinished_steps
from tickets.services import handling as handling_service
from tickets.services.lifecycle import NotNow
from tickets.views import ticket_actions


def action(view):
    """Decorate an agent's POST on an existing ticket. If the action is not possible now, the ticket page says why."""

    @ticket_actions.action(care_required, "desk:ticket")
    @wraps(view)
    def acted(request, number, *args, **kwargs):
        try:
            return view(request, number, *args, **kwargs)
        except handling_service.Conflict as conflict:
            return _conflict(request, number, conflict)

    return acted


def _conflict(request, number, conflict):
    """Render the conflict page, where the agent chooses between their own and the other value of each field. Nothing has been saved.

    The next submission is compared with the values that are current now. Everything typed is carried along.
    """
    left, shown = seen_of(request)[1], ("csrfmiddlewaretoken", "text")
    differences = [d for d in conflict.differences if d.theirs != d.yours]
    seen = {f"seen_{d.field}": d.theirs for d in conflict.differences}
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        "number": number,
        "differences": [
            row | {"takes_theirs": row["is_clash"] or row["field"] in left, "is_open": d.yours != d.old or d.field in left}
            for row, d in zip(conflict.worded(differences), differences, strict=True)
        ],
        "kept": [(name, value) for name, value in sent if name not in (*shown, *seen) and not name.startswith("take_")],
        "seen": seen.items(),
        "text": request.POST.get("text", ""),
        "action_url": request.path,
    }
    return render(request, "desk/ticket/conflict.html", context, status=409)


def seen_of(request):
    """Return the values a form was rendered with, {field: value}, and the fields where the agent kept the colleague's value."""
    seen = {name.removeprefix("seen_"): value for name, value in request.POST.items() if name.startswith("seen_")}
    return seen, [name.removeprefix("take_") for name, value in request.POST.items() if (name[:5], value) == ("take_", "theirs")]


def act_on(request, number, act, form, service, told, party="", who="actor"):
    """Call the service for this agent with a form of the page, show the message `told` and redirect to the ticket, or to the one returned.

    If it fails, the page shows the form as submitted, with the errors: `act` names the form, `party` the one it concerns.
    """
    if form.is_valid():
        about = (number, party) if party else (number,)
        try:
            follows = service(*about, **form.cleaned_data, **{who: request.user}, at=timezone.now())
        except (NotNow, PermissionError) as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error("letter" if "letter" in form.fields else None, error)
        else:
            messages.success(request, told)
            return redirect("desk:ticket", follows.pk if isinstance(follows, Ticket) else number)
    return shown(request, number, sent=FailedForm(act, form, party), status=400)


@action
def execute(request, number):
    """Queue the request for execution, if it is still possible."""
    try:
        execution.request_execution(number, actor=request.user, at=timezone.now())
    except execution.NotExecutable as refused:
        said = _("The request was not executed because it is no longer possible. %(reasons)s")
        messages.error(request, said % {"reasons": " ".join(refused.reasons)})


@action
def take(request, number):
    """Assign the ticket to the agent. If a colleague has assigned it since the page was rendered, show the conflict first."""
    seen, left = seen_of(request)
    owners.save(number, seen=seen, leave=left, actor=request.user, at=timezone.now(), assignee=request.user)
    if not left:
        messages.success(request, _("The ticket is now assigned to you."))


def snooze(request, number):
    """Show the snooze dialog on GET, which changes nothing; snooze the ticket on POST."""
    return _snooze(request, number) if request.method == "POST" else _offer(request, number)


@require_safe
@care_required
def _offer(request, number):
    """Render the dialog alone for htmx, otherwise within the ticket page."""
    now, ticket = timezone.now(), get_object_or_404(Ticket.objects.visible_to(request.user).select_related("partner"), pk=number)
    if request.htmx and not ticket.is_over:
        context = {"snooze": snoozed.read(ticket, now=now) | snoozed.offered(ticket, now=now)}
        return render(request, "desk/ticket/snooze.html", context)
    return shown(request, number, sent=FailedForm("snooze", _snooze_form(ticket.partner.region, now)))


@action
def _snooze(request, number):
    """Snooze the ticket until one of the offered times or a date."""
    now, region = timezone.now(), Ticket.objects.values_list("partner__region", flat=True).get(pk=number)
    form = _snooze_form(region, now, request.POST)
    if not form.is_valid():
        return shown(request, number, sent=FailedForm("snooze", form), status=400)
    until = form.cleaned_data["moment"]
    snoozing.snooze(number, until, actor=request.user, at=now)
    messages.success(request, _("Snoozed until %(when)s.") % {"when": snoozed.until(until, region, now)})


def _snooze_form(region, now, data=None):
    return SnoozeForm(data, promised=clocks.promises(now), region=region, now=now)


@action
def wake(request, number):
    """End the snooze now."""
    snoozing.wake(number, actor=request.user, at=timezone.now())
    messages.success(request, _("The snooze has ended. The ticket is back in the working queues."))


@action
def handling(request, number):
    """Set owner, priority, and status with its fields, unless someone else has changed them since the form was rendered."""
    ticket = Ticket.objects.only("execution").get(pk=number)
    form = HandlingForm(request.POST, needs_words=ticket.execution != Ticket.Execution.DONE)
    seen, leave = seen_of(request)

    def save(number, *, actor, at, **_cleaned):
        given = {"more": form.more, **form.wanted}
        owners.save(number, seen=seen, leave=leave, actor=actor, at=at, **given)
        owner = given.get("assignee")
        if owner not in (None, actor) and str(owner.pk) != seen.get("assignee") and (away := team.absence(owner, at.date())):
            messages.warning(request, away)

    if "status" in leave and request.POST.get("text") and form.is_valid():
        save(number, actor=request.user, at=timezone.now())
        form.add_error(None, _("The status was not changed."))
        return shown(request, number, sent=FailedForm("", form))
    named = "" if "status" in leave else dict(Ticket.Status.choices).get(request.POST.get("status"), "")
    told = _("Saved. The status is now: %(status)s.") % {"status": named} if named else _("Owner and priority saved.")
    return act_on(request, number, "handling", form, save, told)


def _message(request):
    return MessageForm(request.POST, author=request.user, today=timezone.now().date(), auto_id=None)


@action
def ask(request, number):
    """Send the partner a question and wait for the answer."""
    told = _("Question sent. The ticket is waiting for the answer.")
    return act_on(request, number, "ask", _message(request), partial(conversation.ask_partner, once=True), told, who="author")


@action
def answer(request, number):
    """Answer the request, which solves the ticket."""
    return act_on(request, number, "answer", _message(request), conversation.answer, _("Answer sent. The ticket is solved."), who="author")


@action
def reject(request, number):
    """Reject the request with a reason."""
    told = _("Request rejected. We have told the partner why.")
    return act_on(request, number, "reject", RejectForm(request.POST), agent_actions.reject, told)


@action
def override(request, number):
    """Override a rule's findings; team leads only."""
    told = _("%(rule)s has been overridden for this request.") % {"rule": request.POST.get("rule", "")[:20]}
    return act_on(request, number, "override", OverrideForm(request.POST), agent_actions.override, told)


@action
def take_back(request, number):
    """Reverse a charge; team leads only."""
    told = _("Charge reversed. We have told the partner why.")
    return act_on(request, number, "take_back", TakeBackForm(request.POST), reversals.reverse_charge, told)


@action
def reopen(request, number):
    """Reopen a ticket that was closed with steps outstanding."""
    unfinished_steps.reopen(number, actor=request.user, at=timezone.now())
    messages.success(request, _("The ticket is open again. Completing the last outstanding step solves it."))


@action
def step(request, number, code):
    """Complete an open step of the request."""
    ticket = Ticket.objects.get(pk=number)
    form = execution.open_step(ticket, code, user=request.user).form(request.POST)
    if form.is_valid():
        try:
            taken = execution.take_step(number, code, form, actor=request.user, at=timezone.now())
            said = next((event.body for event in taken.recorded if event.kind == Event.Kind.STEP), "")
            if said:
                messages.success(request, _("Sent to the partner: %(what)s") % {"what": said})
            return redirect("desk:ticket", number)
        except ValidationError as error:
            form.add_error(None, error)
    return shown(request, number, sent=FailedForm("step", form, code), status=400)


@action
def letter(request, number, party):
    """Record a party's agreement with a signed letter."""
    get_object_or_404(Confirmation, ticket=number, party=party)
    form, told = LetterForm(request.POST, request.FILES), _("Letter saved and agreement recorded.")
    return act_on(request, number, "letter", form, consents.by_letter, told, party)


@action
def send_again(request, number, party):
    """E-mail a party a new link."""
    get_object_or_404(Confirmation, ticket=number, party=party)
    consents.send_again(number, party, actor=request.user, at=timezone.now())
    messages.success(request, _("A new link has been sent. The previous one no longer works."))


@action
def stop_link(request, number, party):
    """Disable a party's link and send one to another address."""
    get_object_or_404(Confirmation, ticket=number, party=party)
    return act_on(request, number, "stop", StopForm(request.POST), consents.stop, _("The link that was sent no longer works."), party)
