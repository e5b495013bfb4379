"""The demo's care team: who is given tickets, and the team's views, texts and automations."""

from desk.management.demo.texts import ANSWERS, AUTOMATIONS, MACROS
from desk.models import Agent, Automation, CannedAnswer, Macro, SavedView
from desk.services import action_runner, automations, canned, triggers
from partners.models import User

TURNS = (((), 12), (("CLASSOUND", "HWaaS"), 8))  # topics (none: every one) and capacity of the first two agents
VIEWS = (("Waiting: CLASSOUND", "topic=CLASSOUND&view=waiting"), ("Unassigned, with a fee", "fee=yes&view=unassigned"))


def is_there():
    """Return whether the team already has any texts."""
    return CannedAnswer.objects.exists() or Macro.objects.exists() or Automation.objects.exists()


def load(now):
    """Add those that do not exist yet by name."""
    agents = User.objects.filter(role=User.Role.AGENT, is_active=True).order_by("pk")
    for user, (topics, capacity) in zip(agents, TURNS, strict=False):
        Agent.objects.get_or_create(user=user, defaults={"takes_tickets": True, "topics": list(topics), "capacity": capacity})
    for title, topic, body in ANSWERS:
        CannedAnswer.objects.get_or_create(owner=None, title=title, defaults={"topic": topic, "body": canned.checked(body)})
    lead = User.objects.filter(role=User.Role.LEAD).order_by("pk").first()
    if lead:
        _kept_by(lead, now)


def _kept_by(lead, now):
    for title, actions in MACROS:
        made = [action_runner.stored_action(code, value, user=lead) for code, value in actions]
        Macro.objects.get_or_create(owner=None, title=title, defaults={"actions": made})
    for name, query in VIEWS:
        SavedView.objects.get_or_create(owner=lead, name=name, defaults={"query": query, "is_shared": True, "created_at": now})
    for title, when, since, hours, conditions, actions, is_active in AUTOMATIONS:
        if not Automation.objects.filter(title=title).exists():
            made = Automation(title=title, when=when, since=since, hours=hours)
            made.conditions = [triggers.condition(code, value) for code, value in conditions]
            made.actions = [action_runner.stored_action(code, value, user=None) for code, value in actions]
            automations.save(made, by=lead, at=now)
            automations.switch(made, is_active, by=lead, at=now)
