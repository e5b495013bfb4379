"""Round-robin assignment of new tickets to agents by skill, capacity and absence; never taken away again."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from desk.models import Agent, Notice
from desk.services.notices import notice, notify_all
from tickets.models import Event, Ticket
from tickets.models.ticket import RUNNING, awake

SLICE = 50
TURN = 7_305_001  # advisory lock: only one worker assigns at a time, others give up
S = Ticket.Status


def assign_new(*, at):
    """Assign a slice of the tickets without an owner to the agents whose turn it is. Return the number of tickets.

    A ticket that somebody has unassigned is left to people, unless its owner has left (owners.release).
    """
    with transaction.atomic():
        if not _is_my_turn():
            return 0
        agents = _with_room(at)
        if not agents:
            return 0
        given = []
        for ticket in _waiting(agents, at):
            if agent := _next(agents, ticket.topic):
                given.append((ticket, agent))
                agent.load += 1
                agent.given_at = at + timedelta(microseconds=len(given))
        _keep(given, at)
    return len(given)


def _is_my_turn():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
        return cursor.fetchone()[0]


def loads():
    """Return {user's pk: number of running tickets}. Tickets that wait for others count as well."""
    rows = Ticket.objects.filter(RUNNING, assignee__isnull=False).order_by().values_list("assignee").annotate(Count("pk"))
    return dict(rows)


def _with_room(at):
    able = Agent.objects.filter(takes_tickets=True, user__is_active=True).exclude(user__role="contact").select_related("user")
    agents = [agent for agent in able if not agent.is_away(at.date())]
    load = loads() if agents else {}
    for agent in agents:
        agent.load = load.get(agent.user_id, 0)
    return [agent for agent in agents if agent.load < agent.capacity]


def _waiting(agents, at):
    """Return the unassigned tickets that are not snoozed and whose topic one of these agents knows, the most urgent and oldest first."""
    had = Event.objects.filter(ticket=OuterRef("pk"), kind=Event.Kind.ASSIGNED)
    was_left = Q(left__isnull=False)  # by an owner who no longer has access
    tickets = Ticket.objects.alias(left=Subquery(had.order_by("-pk").values_list(KT("data__left"))[:1]))
    tickets = tickets.filter(RUNNING, awake(at), ~Exists(had) | was_left, Q(status__in=[S.NEW, S.OPEN]), assignee=None)
    if all(agent.topics for agent in agents):
        tickets = tickets.filter(topic__in={topic for agent in agents for topic in agent.topics})
    room = sum(agent.capacity - agent.load for agent in agents)
    return tickets.order_by("priority", "number").select_for_update(no_key=True, skip_locked=True, of=("self",))[: min(SLICE, room)]


def _next(agents, topic):
    """Of the agents who know the topic and have room, return the one whose last assignment was longest ago."""
    able = [agent for agent in agents if agent.load < agent.capacity and (not agent.topics or topic in agent.topics)]
    return min(able, key=lambda agent: (agent.given_at.timestamp() if agent.given_at else 0, agent.pk), default=None)


def _keep(given, at):
    for ticket, agent in given:
        Ticket.objects.filter(pk=ticket.pk).update(assignee=agent.user, updated_at=at)
    Agent.objects.bulk_update({agent for _ticket, agent in given}, ["given_at"])
    reason = {"reason": "round robin"}
    Event.objects.bulk_create(
        Event(ticket=ticket, kind=Event.Kind.ASSIGNED, at=at, is_internal=True, data={"to": str(agent.user), **reason})
        for ticket, agent in given
    )
    notify_all(
        notice(
            agent.user,
            Notice.Kind.ASSIGNED,
            f"assigned:{ticket.pk}",
            ticket=ticket,
            text=_("automatically"),
            at=at,
        )
        for ticket, agent in given
    )
