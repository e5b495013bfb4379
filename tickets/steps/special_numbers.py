"""The review of special numbers (DID-14): the care team decides each number by itself, all at once or in several goes."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classound.models import SpecialNumber
from classound.services import decide_special_number
from tickets.base import Standing, Step, done, waits
from tickets.steps.deciding import deciding_form

Decision = SpecialNumber.Decision
TONES = {Decision.REQUESTED: "info", Decision.GRANTED: "ok", Decision.REFUSED: "bad"}
CHOICES = (("", _("Not decided yet")), (Decision.GRANTED.value, _("Grant it")), (Decision.REFUSED.value, _("Refuse it")))


def of(ticket):
    """The special numbers that the ticket asked for."""
    return SpecialNumber.objects.filter(source=ticket.source).order_by("pk")


def steps(ticket):
    """The care team's decision, while any number has none."""
    asked = {place: one for place, one in enumerate(of(ticket), 1) if one.decision == Decision.REQUESTED}
    if not asked:
        return []
    return [Step("decide", _("Decide each number"), "agent", decide, decision_form(asked), _("Record the decisions"))]


def standing(ticket):
    """What was decided of each number."""
    return [Standing(a.number, a.decision, a.get_decision_display(), TONES[a.decision], a.reason) for a in of(ticket)]


def decision_form(asked):
    """A form with a decision and a reason for each number of {place in the request: SpecialNumber}, named by its place."""
    why = _("Reason for %(number)s")
    return deciding_form(
        {place: (one.number, why % {"number": one.number}) for place, one in asked.items()},
        CHOICES,
        explained=Decision.REFUSED,
        no_reason=_("Tell the partner why this number is refused."),
        no_decision=_("Decide at least one number."),
    )


def decide(ticket, cleaned, *, today):
    """Keep the decision of each number; the request is done when none is left. Raises ValidationError for a PBX that is gone."""
    asked = of(ticket).select_related("pbx__end_user").select_for_update(no_key=True, of=("self", "pbx"))
    for place, one in enumerate(asked, 1):
        if place in cleaned["decided"] and one.decision == Decision.REQUESTED:
            decision, reason = cleaned["decided"][place]
            _can_be_granted(one, decision, ticket)
            decide_special_number(one, decision, reason, today=today)
    note = "\n".join(_said(one) for one in asked)
    if any(one.decision == Decision.REQUESTED for one in asked):
        return waits("", note)
    return done(note, declined=all(one.decision == Decision.REFUSED for one in asked))


def _can_be_granted(one, decision, ticket):
    pbx = one.pbx
    if decision == Decision.GRANTED and (pbx.terminated_on or pbx.end_user.partner_id != ticket.partner_id):
        message = _("%(pbx)s was terminated, or is not a PBX of this partner any more: refuse its numbers.")
        raise ValidationError(message, params={"pbx": pbx.name})


def _said(one):
    line = f"{one.number}: {one.get_decision_display()}"
    return f"{line} – {one.reason}" if one.reason else line
