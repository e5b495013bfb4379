"""DIDs of a case."""

from classound.models import Did, EmergencyLocation, PortingChange
from classound.numbers import parse_number
from partners.models import EndUser
from tests.cases.facts.base import a_pbx, fetched
from tickets.fields import DidChoice


def a_did(pbx, number="+498981000400", country="DE", status="active", change_under_way=False, locations=(), **fields):
    """Return a DID; `locations` are {number: status} of its emergency locations."""
    did = Did(number=number, pbx=pbx, kind="new", country=country, status=status, **fields)
    return fetched(
        did,
        porting_changes=[PortingChange(outcome="")] if change_under_way else [],
        emergency_locations=[EmergencyLocation(number=one, status=how) for one, how in dict(locations).items()],
    )


def a_choice(dids, asked):
    """Return the DID that `asked` names or is part of, as DidsField finds it."""
    sought = parse_number(asked)
    for did in dids:
        own = parse_number(did.number)
        if own.first <= sought.first and sought.last <= own.last:
            return DidChoice(did, sought.text)
    raise LookupError(f"The case has no number {asked}.")


def _numbers(case, pbx):
    """Return the DIDs of a case; one with its own `pbx` is on another PBX of the same end user."""
    return [a_did(**{"pbx": pbx} | did | _own_pbx(did, pbx)) for did in case.get("dids", ())]


def _own_pbx(did, pbx):
    return {"pbx": a_pbx(end_user=pbx.end_user, **did["pbx"])} if "pbx" in did else {}


def a_target(pbx, commitments=(), end_user=None, **fields):
    """Return the PBX that numbers move to: another one of the same end user, unless the case names another end user."""
    target = a_pbx(
        commitments, **{"serial": "PBX2", "name": "Branch", "end_user": EndUser(name=end_user) if end_user else pbx.end_user} | fields
    )
    target.pk = 2
    return target


def _location(row, case, pbx):
    address = {"user_name": "Erika Muster", "street": "Via Roma 1", "postcode": "70121", "city": "Bari", "state": "", "country": "IT"}
    return address | row | {"did": a_choice(_numbers(case, pbx), row["did"])}


READ = {
    "target_pbx": lambda asked, case, partner, pbx: pbx if asked == "same" else a_target(pbx, **asked),
    "locations": lambda asked, case, partner, pbx: [_location(row, case, pbx) for row in asked],
    "pbx": lambda asked, case, partner, pbx: pbx,
    "dids": lambda asked, case, partner, pbx: [a_choice(_numbers(case, pbx), text) for text in asked],
    "did": lambda asked, case, partner, pbx: a_choice(_numbers(case, pbx), asked),
}
