"""Users' actions on requests, in one line each, through the services."""

from decimal import Decimal

import time_machine

from engine.mail_server import MailServer
from policies.models import PolicyValue
from tickets import mails
from tickets.models import Event, Mail
from tickets.services import execution, mailing, outbox, submission
from tickets.types import TYPES


def bound_form(code, partner, **fields):
    """Return the type's form, filled in by the partner and validated."""
    form = TYPES[code].form(fields, partner=partner)
    assert form.is_valid(), form.errors
    return form


def bound_field(field, partner):
    """Return the field, bound to this partner's objects."""
    field.bind(partner, lock=False)
    return field


def ask(requester, code, at, *, accepted=None, partner=None, files=(), key=None, override="", **fields):
    """Submit a request and return its ticket."""
    form = bound_form(code, partner or requester.partner, **fields)
    request = submission.Request(TYPES[code], form, requester, accepted and Decimal(accepted), key, files, override)
    return submission.submit(request, at=at)


def carry_out(ticket, agent, at):
    """Have an agent request execution and the worker execute it."""
    execution.request_execution(ticket.pk, actor=agent, at=at)
    execution.execute(ticket.pk, at=at)
    ticket.refresh_from_db()
    return ticket


def applied(ticket):
    """Return what everybody is told about its execution."""
    return ticket.events.get(kind=Event.Kind.APPLIED).body


def open_codes(ticket, user):
    """Return the steps the user can take now, except the collapsed way out."""
    ticket.refresh_from_db()
    return [step.code for step in execution.open_steps(ticket, user=user) if not step.aside]


def take(ticket, code, actor, at, **answers):
    """Take a step, and let the worker post what has come due by it."""
    ticket.refresh_from_db()
    step = next(step for step in execution.open_steps(ticket, user=actor) if step.code == code)
    form = step.form(answers)
    assert form.is_valid(), form.errors
    execution.take_step(ticket.pk, code, form, actor=actor, at=at)
    outbox.post_charges(ticket.pk, at=at)
    ticket.refresh_from_db()


def send_mails(at):
    """Send every e-mail that is due by then, as the worker does."""
    with MailServer() as server:
        for pk in mailing.due(at):
            mailing.send(pk, at=at, server=server)


def last_mail(ticket, at):
    """Return the last e-mail about the ticket, as it is sent."""
    return mails.compose(Mail.objects.filter(ticket=ticket).latest("pk"), at=at)


def set_policy(code, value, valid_from, by):
    """Add a policy value, as staff, when its day begins: it applies to all requests of that day."""
    with time_machine.travel(valid_from):
        return PolicyValue.objects.create(code=code, value=value, valid_from=valid_from, note="a test", set_by=by)
