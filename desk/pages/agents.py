"""The team page: all agents with load, capacity, topics and absence."""

from urllib.parse import urlencode

from django.urls import reverse

from desk.filters import WHATEVER_RUNS
from desk.models import Agent
from desk.services import round_robin, team
from partners.models import User


def staff():
    """Return everyone who may sign in to the desk."""
    return User.objects.care().order_by("full_name", "email")


def read(actor, *, today):
    """Return the rows of desk/team.html. Three queries, whatever the size of the team."""
    agents = {agent.user_id: agent for agent in Agent.objects.all()}
    loads = round_robin.loads()
    return [_row(user, agents.get(user.pk) or Agent(user=user), loads.get(user.pk, 0), actor, today) for user in staff()]


def _row(user, agent, load, actor, today):
    return {
        "name": str(user),
        "initials": user.initials,
        "role": user.get_role_display(),
        "load": load,
        "load_url": f"{reverse('desk:queue')}?{WHATEVER_RUNS}&{urlencode({'owner': user.email})}",
        "capacity": agent.capacity,
        "busy": agent.capacity * 4 // 5,
        "is_full": load >= agent.capacity,
        "takes_tickets": agent.takes_tickets,
        "topics": agent.topics,
        "is_away": agent.is_away(today),
        "away_from": agent.away_from,
        "away_until": agent.away_until,
        "is_ahead": bool(agent.away_from and agent.away_from > today),
        "edit_url": reverse("desk:agent", args=[user.pk]) if team.may_edit(actor, user) else "",
    }
