"""What agents do with a ticket: each is a POST, one service call, and the way back to its page."""

from functools import partial, wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.forms import SnoozeForm
from desk.pages import snoozed
from desk.pages.ticket_sent import Sent
from desk.services import owners, team
from desk.views.ticket import shown
from partners.gates import care_required
from tickets.forms import HandlingForm, LetterForm, MessageForm, OverrideForm, RejectForm, StopForm, TakeBackForm
from tickets.models import Confirmation, Event, Ticket
from tickets.services import clocks, consents, conversation, desk, execution, snoozing, taking_back, unfinished
from tickets.services import handling as handling_service
from tickets.services.lifecycle import NotNow
from tickets.views import acting


def action(view):
    """A POST of an agent on a ticket that exists; what cannot be done now is said on the ticket's page."""

    @acting.action(care_required, "desk:ticket")
    @wraps(view)
    def acted(request, number, *args, **kwargs):
        try:
            return view(request, number, *args, **kwargs)
        except handling_service.Conflict as conflict:
            return _conflict(request, number, conflict)

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


def as_asked(request, service, *about, who="actor"):
    """The service as this agent does it now."""
    return partial(service, *about, **{who: request.user}, at=timezone.now())


def act_on(request, number, act, form, do, told, about=""):
    """Do what a form of the page asks, `do(**cleaned data)`, and say what was `told`; the page, or that of a ticket it gives, follows.

    What cannot be done comes back as it was sent, with why: `act` names the form, `about` the party whose letter it is.
    """
    if form.is_valid():
        try:
            follows = do(**form.cleaned_data)
        except (NotNow, PermissionError) as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error("letter" if "letter" in form.fields else None, error)
        else:
            messages.success(request, told)
            return redirect("desk:ticket", follows.pk if isinstance(follows, Ticket) else number)
    return shown(request, number, sent=Sent(act, form, about), status=400)


@action
def execute(request, number):
    """Promise to carry the request out, if it is still possible."""
    try:
        execution.request_execution(number, actor=request.user, at=timezone.now())
    except execution.NotExecutable as refused:
        messages.error(request, _("Not executed: it is not possible any more. %(reasons)s") % {"reasons": " ".join(refused.reasons)})


@action
def take(request, number):
    """Make the ticket one's own; whom a colleague has given it to since the page was drawn is asked about first."""
    seen, left = seen_of(request)
    owners.save(number, seen=seen, leave=left, actor=request.user, at=timezone.now(), assignee=request.user)
    if not left:
        messages.success(request, _("This ticket is yours now."))


def snooze(request, number):
    """Until when a ticket can be put off, shown by a GET, which changes nothing; put off by a POST."""
    return _snooze(request, number) if request.method == "POST" else _offer(request, number)


@require_safe
@care_required
def _offer(request, number):
    """The dialog for htmx; else in the ticket's page."""
    now, ticket = timezone.now(), get_object_or_404(Ticket.objects.visible_to(request.user).select_related("partner"), pk=number)
    if request.htmx and not ticket.is_over:
        context = {"snooze": snoozed.read(ticket, now=now) | snoozed.offered(ticket, now=now)}
        return render(request, "desk/ticket/snooze.html", context)
    return shown(request, number, sent=Sent("snooze", _snooze_form(ticket.partner.region, now)))


@action
def _snooze(request, number):
    """Put the ticket off until a moment that was offered, or a day."""
    now, region = timezone.now(), Ticket.objects.values_list("partner__region", flat=True).get(pk=number)
    form = _snooze_form(region, now, request.POST)
    if not form.is_valid():
        return shown(request, number, sent=Sent("snooze", form), status=400)
    until = form.cleaned_data["moment"]
    snoozing.snooze(number, until, actor=request.user, at=now)
    messages.success(request, _("Snoozed until %(when)s.") % {"when": snoozed.until(until, region, now)})


def _snooze_form(region, now, data=None):
    return SnoozeForm(data, promised=clocks.promises(now), region=region, now=now)


@action
def wake(request, number):
    """Back into the working views now."""
    snoozing.wake(number, actor=request.user, at=timezone.now())
    messages.success(request, _("The snooze is over: the ticket is in the working queues again."))


@action
def handling(request, number):
    """Set owner, priority and status with what belongs to it, unless somebody else has changed them since the form was drawn."""
    ticket = Ticket.objects.only("execution").get(pk=number)
    form = HandlingForm(request.POST, needs_words=ticket.execution != Ticket.Execution.DONE)
    seen, leave = seen_of(request)

    def save(**_cleaned):
        given, now = {"more": form.more, **form.wanted}, timezone.now()
        owners.save(number, seen=seen, leave=leave, actor=request.user, at=now, **given)
        owner = given.get("assignee")
        if owner not in (None, request.user) and str(owner.pk) != seen.get("assignee") and (away := team.absence(owner, now.date())):
            messages.warning(request, away)

    if "status" in leave and request.POST.get("text") and form.is_valid():
        save()
        form.add_error(None, _("The status stays as it is."))
        return shown(request, number, sent=Sent("", form))
    named = "" if "status" in leave else dict(Ticket.Status.choices).get(request.POST.get("status"), "")
    told = _("Saved. The status is now: %(status)s.") % {"status": named} if named else _("Owner and priority are saved.")
    return act_on(request, number, "handling", form, save, told)


def _message(request):
    return MessageForm(request.POST, author=request.user, today=timezone.now().date(), auto_id=None)


@action
def ask(request, number):
    """Ask the partner; the ticket waits for the answer."""
    send = partial(as_asked(request, conversation.ask_partner, number, who="author"), once=True)
    return act_on(request, number, "ask", _message(request), send, _("The question has been sent; the ticket waits for the answer."))


@action
def answer(request, number):
    """Answer the request, which solves it."""
    send = as_asked(request, conversation.answer, number, who="author")
    return act_on(request, number, "answer", _message(request), send, _("The answer has been sent, and the ticket is solved."))


@action
def reject(request, number):
    """Refuse the request with a reason."""
    refuse = as_asked(request, desk.reject, number)
    return act_on(request, number, "reject", RejectForm(request.POST), refuse, _("The request was rejected and the partner told why."))


@action
def override(request, number):
    """Set a finding aside; for team leads."""
    told = _("%(rule)s is set aside for this request.") % {"rule": request.POST.get("rule", "")[:20]}
    return act_on(request, number, "override", OverrideForm(request.POST), as_asked(request, desk.override, number), told)


@action
def take_back(request, number):
    """Give a charge back; for team leads."""
    give = as_asked(request, taking_back.take_back, number)
    return act_on(request, number, "take_back", TakeBackForm(request.POST), give, _("The charge was taken back and the partner told why."))


@action
def reopen(request, number):
    """Open a ticket again that was closed over steps of its own."""
    unfinished.reopen(number, actor=request.user, at=timezone.now())
    messages.success(request, _("It is open again: take the steps that are left, and the last one solves it."))


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
            taken = execution.take_step(number, code, form, actor=request.user, at=timezone.now())
            said = next((event.body for event in taken.recorded if event.kind == Event.Kind.STEP), "")
            if said:
                messages.success(request, _("The partner is told: %(what)s") % {"what": said})
            return redirect("desk:ticket", number)
        except ValidationError as error:
            form.add_error(None, error)
    return shown(request, number, sent=Sent("step", form, code), status=400)


@action
def letter(request, number, party):
    """Keep a party's signed letter as its agreement."""
    get_object_or_404(Confirmation, ticket=number, party=party)
    form, keep = LetterForm(request.POST, request.FILES), as_asked(request, consents.by_letter, number, party)
    return act_on(request, number, "letter", form, keep, _("The letter is kept, and the party has agreed."), about=party)


@action
def send_again(request, number, party):
    """Mail a party a new link."""
    get_object_or_404(Confirmation, ticket=number, party=party)
    consents.send_again(number, party, actor=request.user, at=timezone.now())
    messages.success(request, _("A new link is on its way; the earlier one no longer works."))


@action
def stop_link(request, number, party):
    """Stop a party's link, and mail one elsewhere."""
    get_object_or_404(Confirmation, ticket=number, party=party)
    stop = as_asked(request, consents.stop, number, party)
    return act_on(request, number, "stop", StopForm(request.POST), stop, _("The link that was mailed no longer works."), about=party)
