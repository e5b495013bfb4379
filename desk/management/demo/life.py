"""What has happened at the demo's desk, by the services that pages use, in the order of time."""

from datetime import timedelta

from django.db.models import F

from desk.management.demo import things
from desk.management.demo.story import STORY
from desk.services import snoozes
from partners.models import User
from pbx.models import Pbx
from tickets import sla
from tickets.models import Mail, Ticket
from tickets.services import conversation, desk, execution, merging, satisfaction, status, submission, tags
from tickets.services.clocks import promises
from tickets.services.lifecycle import NotNow, because, lock
from tickets.types import TYPES

TIME = timedelta(weeks=4)  # all of the story lies in it
LATELY, SHARE = 50, 5  # hours of the story; support works for about a fifth of the time


def load(now):
    """Tell the story, unless something has happened here already. What the estate has nothing for is left out."""
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
    # What was mailed then is not mailed now, but for the links that parties still have to follow.
    Mail.objects.filter(sent_at=None).exclude(kind="confirmation").update(sent_at=F("created_at"))


def _asking(position, contacts):
    return contacts[STORY[position].partner % len(contacts)]


def _in_order(now, contacts):
    """(when, place in the story, what happens or None for the request itself), in the order of time."""
    all_of_it = []
    for position, told in enumerate(STORY):
        calendar = promises(now).calendar(_asking(position, contacts).partner.region)
        steps = [(told.hours, None), *((told.hours - step[0], step) for step in told.then)]
        all_of_it += [(_at(now, hours, told, calendar), position, step) for hours, step in steps]
    return sorted(all_of_it, key=lambda one: one[0])


def _at(now, hours, told, calendar):
    """When it happens: in support hours, as far back as `hours` are of the whole TIME, for what nobody works in takes no time.

    What has come lately has come today, at whatever hour that is, or a demo started before work would show it all as late.
    """
    if told.hours <= LATELY:
        return now - timedelta(hours=hours / SHARE)
    begin = now - TIME
    return sla.due(calendar, begin, sla.worked(calendar, begin, now) * (1 - timedelta(hours=hours) / TIME)) or now


def _submit(told, contact, at):
    """The number of the ticket about the first thing of the partner that the policies allow it for, or None."""
    kind = TYPES[told.code]
    words = {"{day}": (at + timedelta(days=42)).date().isoformat(), "{other}": things.neighbour(contact.partner)}
    for thing in told.about(contact.partner, at.date()):
        fields = _filled(told.fields, words | {"{}": thing, "{pbx}": _beside(thing)})
        form = kind.form(fields, partner=contact.partner)
        if not form.is_valid():
            continue
        price = submission.price(submission.judge(kind, form.answers(at=at), today=at.date()))
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
    """The serial of another PBX of the end user whose number it is."""
    pbx = Pbx.objects.filter(dids__number=number).first() if number.startswith("+") else None
    other = pbx and Pbx.objects.filter(end_user=pbx.end_user_id).exclude(pk=pbx.pk).first()
    return other.serial if other else ""


def _happen(number, what, text, *, agent, at):
    """One step of the story; one that is not possible on this ticket is left out."""
    try:
        HAPPENS[what](number, text, agent, at)
    except (NotNow, execution.NotExecutable):
        return


def _execute(number, text, agent, at):
    execution.request_execution(number, actor=agent, at=at)
    execution.execute(number, at=at)


def _quote(number, how, agent, at):
    """A price for licences on a PBX that does not expire."""
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
    with because(by_mail=True):
        conversation.reply(number, text, author=_asked(number), at=at)


def _asked(number):
    return Ticket.objects.select_related("requester").get(pk=number).requester


HAPPENS = {
    "take": lambda number, text, agent, at: desk.assign(number, agent, actor=agent, at=at),
    "critical": lambda number, text, agent, at: desk.prioritize(number, Ticket.Priority.CRITICAL, actor=agent, at=at),
    "tag": lambda number, text, agent, at: tags.change(number, add=(text,), actor=agent, at=at),
    "reply": lambda number, text, agent, at: conversation.reply(number, text, author=agent, at=at),
    "note": lambda number, text, agent, at: conversation.note(number, text, author=agent, at=at),
    "ask": lambda number, text, agent, at: conversation.ask_partner(number, text, author=agent, at=at),
    "says": lambda number, text, agent, at: conversation.reply(number, text, author=_asked(number), at=at),
    "mails": _mail,
    "answer": lambda number, text, agent, at: conversation.answer(number, text, author=agent, at=at),
    "reject": lambda number, text, agent, at: desk.reject(number, "not_possible", text, actor=agent, at=at),
    "good": _rate(True),
    "bad": _rate(False),
    "execute": _execute,
    "hold": _hold,
    "quote": _quote,
    "snooze": lambda number, text, agent, at: snoozes.put_off(number, text, actor=agent, at=at),
    "merge": _merge,
}
