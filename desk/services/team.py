"""How the staff work: who takes tickets, of which topics, how many, and who is away."""

from django.db import transaction

from desk.models import Agent


def may_edit(actor, user):
    """Leads and administrators edit everybody, others their own absence."""
    return actor.may_override or actor.pk == user.pk


@transaction.atomic
def save(user, values):
    """Keep these columns of the person's Agent row, which is made where there is none."""
    agent, _made = Agent.objects.select_for_update().get_or_create(user=user)
    for column, value in values.items():
        setattr(agent, column, value)
    agent.save(update_fields=list(values))
    return agent
