"""Work settings of the staff: who is given tickets, on which topics, how many, and who is away."""

from django.db import transaction
from django.utils.translation import gettext as _

from desk.models import Agent
from policies.wording import day_in_full


def may_edit(actor, user):
    """Return whether `actor` may edit `user`: leads and administrators may edit everybody, others their own absence."""
    return actor.may_override or actor.pk == user.pk


@transaction.atomic
def save(user, values):
    """Save these columns of the person's Agent row, creating it if necessary."""
    agent, _made = Agent.objects.select_for_update().get_or_create(user=user)
    for column, value in values.items():
        setattr(agent, column, value)
    agent.save(update_fields=list(values))
    return agent


def absence(user, today):
    """Return a sentence if this person is away today, with the end date if known; else "". One query at most."""
    known = user and Agent.objects.filter(user=user).first()
    if not (known and known.is_away(today)):
        return ""
    if not known.away_until:
        return _("%(name)s is away.") % {"name": user}
    return _("%(name)s is away until %(day)s.") % {"name": user, "day": day_in_full(known.away_until)}
