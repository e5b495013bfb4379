"""Proposed policy values: e-mail those who may approve them, and tell their authors the decision."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from partners.models import User
from policies.models import Proposal
from tickets.models import Mail
from tickets.services import outbox

LATELY = timedelta(days=7)  # how far back decisions are looked for; a worker may be down for as long


@transaction.atomic
def notify(*, at):
    """Queue the e-mails that proposals still owe, one per person. Return their number. Safe to repeat at any time."""
    waiting, lately = Q(outcome="", valid_from__gte=at.date()), Q(outcome__in=("approved", "declined"), decided_at__gt=at - LATELY)
    rows = list(Proposal.objects.with_authors().filter(waiting | lately))
    if not rows:
        return 0
    administrators = list(User.objects.administrators())
    owed = {}
    for row in rows:
        author = row.proposed_by
        told = [author] * author.is_active if row.outcome else [user for user in administrators if user != author]
        for user in told:
            kind = "proposal_decided" if row.outcome else "proposal"
            key = f"{kind}:{row.pk}:{user.pk}"
            owed[key] = Mail(key=key, kind=kind, to=user.email, data={"proposal": row.pk, "reader": str(user)}, created_at=at)
    known = set(Mail.objects.filter(key__in=owed).values_list("key", flat=True))
    new = [mail for key, mail in owed.items() if key not in known]
    Mail.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        outbox.notify_after_commit()
    return len(new)
