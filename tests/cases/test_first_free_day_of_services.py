"""Whatever the dates: the last day that a refusal names is the first on which the same request is not refused."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbx.models import Licence
from policies.verdict import DENIED, DENY
from tests.cases.facts import a_book, a_device, a_did, a_partner, a_pbx
from tests.cases.test_first_free_day import DAYS, ONE_DAY, commitments
from tests.thorough import tries
from tickets.answers import Answers
from tickets.types import TYPES

# How long a refusal is checked day by day; for longer ones the days in between are sampled.
SAMPLES = 5


@st.composite
def estates(draw):
    """Generate a PBX with Commitments, a number and an HWaaS device of any age or only ordered, and some licences."""
    pbx = a_pbx(draw(commitments()), term="1y", expires_on=datetime.date(2040, 1, 1))
    activated_on, billed_on = draw(st.none() | DAYS), draw(st.none() | DAYS)
    did = a_did(pbx, status="active" if activated_on else "ordered", activated_on=activated_on)
    device = a_device(pbx, ownership="hwaas", shipped_on=billed_on and datetime.date(2018, 1, 1), billing_starts_on=billed_on)
    licence = Licence(pbx=pbx, licence_type="teams", quantity=5, monthly_price=10)
    pbx._prefetched_objects_cache |= {"dids": [did], "devices": [device], "licences": [licence]}
    return pbx, did, device


def is_only_ordered(code, pbx, did, device):
    """Return whether the subject of the request has a term that has not begun, so that the day of its end is unknown."""
    if code == "pbx_terminate":
        return not (device.billing_starts_on and did.activated_on)
    return device in ANSWERS[code](pbx, did, device).get("serials", ()) and not device.billing_starts_on


ANSWERS = {
    "hwaas_return": lambda _pbx, _did, device: {"serials": [device]},
    "hwaas_buyout": lambda _pbx, _did, device: {"serials": [device]},
    "pbx_terminate": lambda pbx, *_: {"pbx": pbx},
    "licence_change": lambda pbx, *_: {"pbx": pbx, "changes": [{"licence_type": "teams", "quantity": 1}]},
    "teams_licence_change": lambda pbx, *_: {"pbx": pbx, "quantity": 1},
    "commitment_request": lambda pbx, *_: {"pbx": pbx, "years": 3},
}


@pytest.mark.parametrize("code", ANSWERS)
@settings(max_examples=tries(60), deadline=None)
@given(estate=estates(), today=DAYS)
def test_service_refusal_names_the_first_free_day(code, estate, today):
    def judged(day):
        answers = Answers(ANSWERS[code](*estate), partner=a_partner())
        return TYPES[code].judge(answers, book=a_book(day), today=day)

    verdict = judged(today)
    if verdict.outcome != DENIED:
        return
    denials = [finding for finding in verdict.findings if finding.effect == DENY]
    named = [finding.allowed_from for finding in denials]
    if is_only_ordered(code, *estate):
        assert not all(named)
        return
    ever = [str(finding.message) for finding in denials if not finding.allowed_from]
    assert ever == [], "no time cures this: a type that asks for other things than these estates have wants a property of its own"
    free = max(named)
    assert today < free
    assert judged(free).outcome != DENIED
    for part in range(SAMPLES):
        assert judged(today + (free - today) * part // SAMPLES).outcome == DENIED
    assert judged(free - ONE_DAY).outcome == DENIED
