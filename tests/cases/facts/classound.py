"""DIDs of a case."""

from classound.models import Did, PortingChange
from classound.numbers import parse_number
from tests.cases.facts.base import fetched
from tickets.fields import DidChoice


def a_did(pbx, number="+498981000400", country="DE", status="active", change_under_way=False, **fields):
    did = Did(number=number, pbx=pbx, kind="new", country=country, status=status, **fields)
    return fetched(did, porting_changes=[PortingChange(outcome="")] if change_under_way else [])


def a_choice(dids, asked):
    """The DID that `asked` names or is a part of, as DidsField finds it."""
    sought = parse_number(asked)
    for did in dids:
        own = parse_number(did.number)
        if own.first <= sought.first and sought.last <= own.last:
            return DidChoice(did, sought.text)
    raise LookupError(f"The case has no number {asked}.")


def _numbers(case, pbx):
    return [a_did(pbx, **did) for did in case.get("dids", ())]


READ = {
    "dids": lambda asked, case, partner, pbx: [a_choice(_numbers(case, pbx), text) for text in asked],
    "did": lambda asked, case, partner, pbx: a_choice(_numbers(case, pbx), asked),
}
