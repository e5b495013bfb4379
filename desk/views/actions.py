"""What agents do with a ticket: each is a POST, one service call, and the way back to its page."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk.forms import SnoozeForm
from desk.pages import snoozed
from desk.services import owners
from desk.views.ticket import shown
from partners.gates import care_required
from tickets.forms import HandlingForm, LetterForm, MessageForm, OverrideForm, RejectForm, StatusForm
from tickets.models import Confirmation, Ticket
from tickets.services import clocks, consents, conversation, desk, execution, snoozing
from tickets.services import handling as handling_service
from tickets.services.lifecycle import NotNow


def action(view):
    """A POST of an agent on a ticket that exists; what cannot be done now is said on the ticket's page."""

    @wraps(view)
    @require_POST
    @care_required
    def acted(request, number, *args, **kwargs):
        get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
        try:
            answer = view(request, number, *args, **kwargs)
        except handling_service.Conflict as conflict:
            return _conflict(request, number, conflict)
        except (NotNow, PermissionError) as error:
            messages.error(request, str(error))
            answer = None
        return answer or redirect("desk:ticket", number)

    return acted


def _conflict(request, number, conflict):
    """Nothing was saved: field by field one's own stands beside what somebody else made of it, and one of both is chosen.

    What is sent then is compared with what is there now. Everything typed comes along.
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
    """What a form was drawn with, {field: value}; and the fields of which the page of a conflict was answered with somebody else's."""
    seen = {name.removeprefix("seen_"): value for name, value in request.POST.items() if name.startswith("seen_")}
    return seen, [name.removeprefix("take_") for name, value in request.POST.items() if (name[:5], value) == ("take_", "theirs")]


def _say(request, form):
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, error)


@action
def execute(request, number):
    """Promise to carry the request out, if it is still possible."""
    try:
        execution.request_execution(number, actor=request.user, at=timezone.now())
    except execution.NotExecutable as refused:
        messages.error(request, _("Not executed: it is not possible any more. %(reasons)s") % {"reasons": " ".join(refused.reasons)})


@action
def take(request, number):
    """Make the ticket one's own."""
    owners.assign(number, request.user, actor=request.user, at=timezone.now())


def snooze(request, number):
    """Until when a ticket can be put off, shown by a GET, which changes nothing; put off by a POST."""
    return _snooze(request, number) if request.method == "POST" else _offer(request, number)


@require_GET
@care_required
def _offer(request, number):
    """The dialog for htmx; else in the ticket's page."""
    now, ticket = timezone.now(), get_object_or_404(Ticket.objects.visible_to(request.user).select_related("partner"), pk=number)
    if request.htmx and not ticket.is_over:
        context = {"snooze": snoozed.read(ticket, now=now) | snoozed.offered(ticket, now=now)}
        return render(request, "desk/ticket/snooze.html", context)
    return shown(request, number, snooze=_snooze_form(ticket.partner.region, now))


@action
def _snooze(request, number):
    """Put the ticket off until a moment that was offered, or a day."""
    now, region = timezone.now(), Ticket.objects.values_list("partner__region", flat=True).get(pk=number)
    form = _snooze_form(region, now, request.POST)
    if not form.is_valid():
        return shown(request, number, snooze=form, status=400)
    until = form.cleaned_data["moment"]
    snoozing.snooze(number, until, actor=request.user, at=now)
    messages.success(request, _("Snoozed until %(when)s.") % {"when": snoozed.until(until, region, now)})


def _snooze_form(region, now, data=None):
    return SnoozeForm(data, promised=clocks.promises(now), region=region, now=now)


@action
def wake(request, number):
    """Back into the working views now."""
    snoozing.wake(number, actor=request.user, at=timezone.now())


@action
def handling(request, number):
    """Set owner and priority, unless somebody else has changed them since the form was drawn."""
    form = HandlingForm(request.POST)
    if not form.is_valid():
        return _say(request, form)
    given = form.cleaned_data
    seen, leave = seen_of(request)
    owners.save(
        number,
        assignee=given["assignee"],
        priority=given["priority"],
        seen=seen,
        leave=leave,
        actor=request.user,
        at=timezone.now(),
    )


@action
def status(request, number):
    """Set the status by hand, with what belongs to it."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _say(request, form)
    more = {name: form.cleaned_data[name] for name in ("text", "waiting_for", "outcome", "reason")}
    to = form.cleaned_data["status"]
    seen, left = seen_of(request)
    if "status" in left:
        if not more["text"]:
            return None
        messages.info(request, _("The status stays as it is. What you wrote has not been sent: it is below, where you can send it."))
        return shown(request, number, draft=more["text"])
    handling_service.change_status(number, to, seen=seen, actor=request.user, at=timezone.now(), **more)


@action
def ask(request, number):
    """Ask the partner; the ticket waits for the answer."""
    form = MessageForm(request.POST, author=request.user, today=timezone.now().date())
    if not form.is_valid():
        return _say(request, form)
    conversation.ask_partner(number, form.cleaned_data["text"], author=request.user, at=timezone.now())


@action
def answer(request, number):
    """Answer the request, which solves it."""
    form = MessageForm(request.POST, author=request.user, today=timezone.now().date())
    if not form.is_valid():
        return _say(request, form)
    conversation.answer(number, form.cleaned_data["text"], author=request.user, at=timezone.now())
    messages.success(request, _("The answer has been sent, and the ticket is solved."))


@action
def reject(request, number):
    """Refuse the request with a reason."""
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _say(request, form)
    desk.reject(number, form.cleaned_data["reason"], form.cleaned_data["text"], actor=request.user, at=timezone.now())
    messages.success(request, _("The request was rejected and the partner told why."))


@action
def override(request, number):
    """Set a finding aside; for team leads."""
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return _say(request, form)
    desk.override(number, form.cleaned_data["rule"], form.cleaned_data["reason"], actor=request.user, at=timezone.now())


@action
def step(request, number, code):
    """Take an open step of the request."""
    ticket = Ticket.objects.get(pk=number)
    known = {s.code: s for s in execution.open_steps(ticket, user=request.user)}
    if code not in known:
        raise NotNow(_("This step has been taken already, or is not open yet."))
    form = known[code].form(request.POST)
    if form.is_valid():
        try:
            execution.take_step(number, code, form, actor=request.user, at=timezone.now())
            return redirect("desk:ticket", number)
        except ValidationError as error:
            form.add_error(None, error)
    return shown(request, number, step_forms={code: form}, status=400)


@action
def letter(request, number, party):
    """Keep a party's signed letter as its agreement."""
    get_object_or_404(Confirmation, ticket=number, party=party)
    form = LetterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _say(request, form)
    try:
        consents.by_letter(
            number, party, form.cleaned_data["letter"], name=form.cleaned_data["name"], actor=request.user, at=timezone.now()
        )
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)


@action
def send_again(request, number, party):
    """Mail a party a new link."""
    get_object_or_404(Confirmation, ticket=number, party=party)
    consents.send_again(number, party, actor=request.user, at=timezone.now())
    messages.success(request, _("A new link is on its way; the earlier one no longer works."))
