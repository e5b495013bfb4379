"""The history of the demo's desk, played through the same services as the pages use, in chronological order."""

from datetime import timedelta

from django.db.models import F

from desk.management.demo import things
from desk.management.demo.story import STORY
from desk.services import snooze_action
from partners.models import User
from pbx.models import Pbx
from policies.days import add_business_days
from tickets import sla
from tickets.models import Mail, Ticket
from tickets.services import agent_actions, conversation, execution, merging, satisfaction, status, submission, tags
from tickets.services.clocks import promises
from tickets.services.lifecycle import NotNow, lock, with_cause
from tickets.types import TYPES

TIME = timedelta(weeks=4)  # the whole story takes place within it
LATER = timedelta(days=41)  # "{day}" is the first business day after these
LATELY, SHARE = 50, 5  # hours of the story; support works about a fifth of all hours


def load(now):
    """Play the story unless the desk already has a history. Requests for which the estate has no suitable object are left out."""
    agents = list(User.objects.filter(role=User.Role.AGENT, is_active=True).order_by("pk")[:2])
    people = User.objects.filter(role=User.Role.CONTACT, is_active=True, partner__isnull=False).select_related("partner")
    contacts = list(people.order_by("partner__code", "pk").distinct("partner__code"))
    if not agents or not contacts or Ticket.objects.exists():
        return
    tickets = {}
    for at, position, step in _in_order(now, contacts):
        told, agent, contact = STORY[position], agents[position % len(agents)], _asking(position, contacts)
        if step is None:
            tickets[position] = _submit(told, contact, at)
        elif tickets[position]:
            _happen(tickets[position], *step[1:], agent=agent, at=at)
    # E-mails of that time are not sent now, except for the links that parties still have to follow.
    Mail.objects.filter(sent_at=None).exclude(kind="confirmation").update(sent_at=F("created_at"))


def _asking(position, contacts):
    return contacts[STORY[position].partner % len(contacts)]


def _in_order(now, contacts):
    """Yield (time, position in the story, step, or None for the request itself) in chronological order."""
    all_of_it = []
    for position, told in enumerate(STORY):
        calendar = promises(now).calendar(_asking(position, contacts).partner.region)
        steps = [(told.hours, None), *((told.hours - step[0], step) for step in told.then)]
        all_of_it += [(_at(now, hours, told, calendar), position, step) for hours, step in steps]
    return sorted(all_of_it, key=lambda one: one[0])


def _at(now, hours, told, calendar):
    """Return when a step happens: in support hours, scaled so that `hours` keep their proportion of the whole TIME.

    Recent steps happen today, at whatever hour that is; otherwise a demo that is started before working hours would show them all as late.
    """
    if told.hours <= LATELY:
        return now - (now - _recently(now, calendar)) * (hours / LATELY)
    begin = now - TIME
    return sla.due(calendar, begin, sla.worked(calendar, begin, now) * (1 - timedelta(hours=hours) / TIME)) or now


def _recently(now, calendar):
    """Return when the recent steps begin: some hours ago, or when support closed since; otherwise an evening would show them as late."""
    since = now - timedelta(hours=LATELY / SHARE)
    hours = next(iter(sla.spans(calendar, since, 1)), None)
    return hours[1] if hours and hours[1] <= now else since


def _submit(told, contact, at):
    """Submit the request for the partner's first object that the policies allow; return the ticket's number, or None."""
    kind = TYPES[told.code]
    day = add_business_days(at.date() + LATER, 1, contact.partner.country)  # no number is ported on a holiday
    words = {"{day}": day.isoformat(), "{other}": things.neighbour(contact.partner)}
    for thing in told.about(contact.partner, at.date()):
        fields = _filled(told.fields, words | {"{}": thing, "{pbx}": _beside(thing)})
        form = kind.form(fields, partner=contact.partner)
        if not form.is_valid():
            continue
        price = submission.judge(kind, form.answers(at=at), today=at.date()).price
        try:
            return submission.submit(submission.Request(kind, form, contact, price), at=at).pk
        except submission.Denied:
            continue
    return None


def _filled(value, words):
    if isinstance(value, dict):
        return {key: _filled(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    return words.get(value, value)


def _beside(number):
    """Return the serial of another PBX of the end user who has this number."""
    pbx = Pbx.objects.filter(dids__number=number).first() if number.startswith("+") else None
    other = pbx and Pbx.objects.filter(end_user=pbx.end_user_id).exclude(pk=pbx.pk).first()
    return other.serial if other else ""


def _happen(number, what, text, *, agent, at):
    """Perform one step of the story, or skip it if the ticket does not permit it."""
    try:
        HAPPENS[what](number, text, agent, at)
    except (NotNow, execution.NotExecutable):
        return


def _execute(number, text, agent, at):
    execution.request_execution(number, actor=agent, at=at)
    execution.execute(number, at=at)


def _quote(number, how, agent, at):
    """Quote a price for licences on a PBX that does not expire."""
    steps = {step.code: step for step in execution.open_steps(Ticket.objects.get(pk=number), user=agent)}
    form = steps["quote_price"].form({"price": "300", "worked_out": how}) if "quote_price" in steps else None
    if form and form.is_valid():
        execution.take_step(number, "quote_price", form, actor=agent, at=at)


def _hold(number, text, agent, at):
    status.hold(lock(number), Ticket.WaitingFor.WAREHOUSE, text, actor=agent, at=at)


def _merge(number, subject, agent, at):
    merging.merge(number, Ticket.objects.get(subject=subject).pk, actor=agent, at=at)


def _rate(is_satisfied):
    return lambda number, text, agent, at: satisfaction.rate(number, is_satisfied, text, by=_asked(number), at=at)


def _mail(number, text, agent, at):
    with with_cause(by_mail=True):
        conversation.reply(number, text, author=_asked(number), at=at)


def _asked(number):
    return Ticket.objects.select_related("requester").get(pk=number).requester


HAPPENS = {
    "take": lambda number, text, agent, at: agent_actions.assign(number, agent, actor=agent, at=at),
    "critical": lambda number, text, agent, at: agent_actions.prioritize(number, Ticket.Priority.CRITICAL, actor=agent, at=at),
    "tag": lambda number, text, agent, at: tags.change(number, add=(text,), actor=agent, at=at),
    "reply": lambda number, text, agent, at: conversation.reply(number, text, author=agent, at=at),
    "note": lambda number, text, agent, at: conversation.note(number, text, author=agent, at=at),
    "ask": lambda number, text, agent, at: conversation.ask_partner(number, text, author=agent, at=at),
    "says": lambda number, text, agent, at: conversation.reply(number, text, author=_asked(number), at=at),
    "mails": _mail,
    "answer": lambda number, text, agent, at: conversation.answer(number, text, author=agent, at=at),
    "reject": lambda number, text, agent, at: agent_actions.reject(number, "not_possible", text, actor=agent, at=at),
    "good": _rate(True),
    "bad": _rate(False),
    "execute": _execute,
    "hold": _hold,
    "quote": _quote,
    "snooze": lambda number, text, agent, at: snooze_action.put_off(number, text, actor=agent, at=at),
    "merge": _merge,
}
