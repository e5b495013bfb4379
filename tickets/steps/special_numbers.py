"""The review of special numbers (DID-14): the care team decides on each number individually, all at once or in several steps."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classound.models import SpecialNumber
from classound.services import decide_special_number
from tickets.base import ItemState, Step, done, waits
from tickets.steps.row_decisions import deciding_form

Decision = SpecialNumber.Decision
TONES = {Decision.REQUESTED: "info", Decision.GRANTED: "ok", Decision.REFUSED: "bad"}
CHOICES = (("", _("Not decided yet")), (Decision.GRANTED.value, _("Grant")), (Decision.REFUSED.value, _("Refuse")))


def of(ticket):
    """Return the ticket's special numbers."""
    return SpecialNumber.objects.filter(source=ticket.source).order_by("pk")


def steps(ticket):
    """Return the step for the care team's decisions while any number is undecided."""
    asked = {place: one for place, one in enumerate(of(ticket), 1) if one.decision == Decision.REQUESTED}
    if not asked:
        return []
    return [Step("decide", _("Decide on each number"), "agent", decide, decision_form(asked), _("Record the decisions"))]


def item_states(ticket):
    """Return the decision on each number."""
    return [ItemState(a.number, a.decision, a.get_decision_display(), TONES[a.decision], a.reason) for a in of(ticket)]


def decision_form(asked):
    """Return a form with a decision and a reason for each of {place in the request: SpecialNumber}; fields are named by place."""
    why = _("Reason for %(number)s")
    return deciding_form(
        {place: (one.number, why % {"number": one.number}) for place, one in asked.items()},
        CHOICES,
        explained=Decision.REFUSED,
        no_reason=_("Tell the partner why this number is refused."),
        no_decision=_("Decide on at least one number."),
    )


def decide(ticket, cleaned, *, today):
    """Record the decisions; the request is done once none is missing. Raise ValidationError if the PBX is gone."""
    list(of(ticket).select_related("pbx").select_for_update(no_key=True, of=("self", "pbx")))  # before its customer is read (0409)
    asked = of(ticket).select_related("pbx__end_user")
    for place, one in enumerate(asked, 1):
        if place in cleaned["decided"] and one.decision == Decision.REQUESTED:
            decision, reason = cleaned["decided"][place]
            _can_be_granted(one, decision, ticket)
            decide_special_number(one, decision, reason, today=today)
    note = "\n".join(_line(one) for one in asked)
    if any(one.decision == Decision.REQUESTED for one in asked):
        return waits("", note)
    return done(note, declined=all(one.decision == Decision.REFUSED for one in asked))


def _can_be_granted(one, decision, ticket):
    pbx = one.pbx
    if decision == Decision.GRANTED and (pbx.terminated_on or pbx.end_user.partner_id != ticket.partner_id):
        message = _("%(pbx)s has been terminated or no longer belongs to this partner: refuse its numbers.")
        raise ValidationError(message, params={"pbx": pbx.name})


def _line(one):
    line = f"{one.number}: {one.get_decision_display()}"
    return f"{line} – {one.reason}" if one.reason else line
