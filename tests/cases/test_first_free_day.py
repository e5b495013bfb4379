"""DID-1, DID-2, COM-4: the day a refusal names is the first on which the same request is not refused, whatever the dates."""

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pbx.models import Licence
from policies.verdict import DENIED, DENY
from tests.cases.facts import a_book, a_did, a_partner, a_pbx
from tests.cases.facts.classound import a_target
from tests.thorough import tries
from tickets.answers import Answers
from tickets.fields import DidChoice
from tickets.types import TYPES

DAYS = st.dates(datetime.date(2019, 1, 1), datetime.date(2031, 12, 31))
ONE_DAY = datetime.timedelta(days=1)


@st.composite
def commitments(draw):
    """Generate up to three Commitments: anywhere, overlapping, or beginning on, or a day around, the end of the one before."""
    made = []
    for _ in range(draw(st.integers(0, 3))):
        years = draw(st.sampled_from([3, 5]))
        if made and draw(st.booleans()):
            begun, lasted = made[-1]
            start = a_pbx([(begun, lasted)]).commitments.all()[0].ends_on + draw(st.integers(-1, 1)) * ONE_DAY
        else:
            start = draw(DAYS)
        made.append((start, years))
    return made


def judged(did, day):
    answers = Answers({"dids": [DidChoice(did, did.number)]}, partner=a_partner())
    return TYPES["did_cancel"].judge(answers, book=a_book(day), today=day)


@settings(max_examples=tries(300), deadline=None)
@given(activated_on=st.none() | DAYS, status=st.sampled_from(["ordered", "active", "outgoing_only"]), bound=commitments(), today=DAYS)
def test_cancellation_refusal_names_the_first_free_day(activated_on, status, bound, today):
    did = a_did(a_pbx(bound), status=status, activated_on=activated_on)
    verdict = judged(did, today)
    if verdict.outcome != DENIED:
        return
    (finding,) = verdict.findings
    if finding.allowed_from is None:
        assert (activated_on, status) == (None, "ordered")
        return
    assert today < finding.allowed_from
    between = today + (finding.allowed_from - today) // 2
    assert {judged(did, day).outcome for day in (between, finding.allowed_from - ONE_DAY)} == {DENIED}
    assert judged(did, finding.allowed_from).outcome != DENIED


@settings(max_examples=tries(200), deadline=None)
@given(activated_on=DAYS, bound=commitments(), today=DAYS)
def test_number_is_free_after_its_minimum_term_and_commitments(activated_on, bound, today):
    did = a_did(a_pbx(bound), activated_on=activated_on)
    held = any(c.starts_on <= today < c.ends_on for c in did.pbx.commitments.all())
    # Six calendar months, counted in another way: the same day six months later, or the last day of that month if there is none.
    months = activated_on.month + 5
    year, month = activated_on.year + months // 12, months % 12 + 1
    last = (datetime.date(year + month // 12, month % 12 + 1, 1) - ONE_DAY).day
    young = today < datetime.date(year, month, min(activated_on.day, last))
    assert (judged(did, today).outcome == DENIED) == (held or young)


def moved(did, target, day):
    answers = Answers({"dids": [DidChoice(did, did.number)], "target_pbx": target}, partner=a_partner())
    return TYPES["did_transfer"].judge(answers, book=a_book(day), today=day)


@settings(max_examples=tries(300), deadline=None)
@given(bound=commitments(), target_bound=commitments(), expires_on=st.none() | DAYS, today=DAYS)
def test_transfer_is_possible_from_the_named_day(bound, target_bound, expires_on, today):
    did = a_did(a_pbx(bound), activated_on=today)
    target = a_target(did.pbx, target_bound, expires_on=expires_on, term="1y")
    verdict = moved(did, target, today)
    held = any(c.starts_on <= today < c.ends_on for c in did.pbx.commitments.all())
    assert (verdict.outcome == DENIED) == held
    if not held:
        return
    (refusal,) = [finding for finding in verdict.findings if finding.effect == DENY]
    assert (refusal.rule, today < refusal.allowed_from) == ("COM-4", True)
    between = today + (refusal.allowed_from - today) // 2
    assert {moved(did, target, day).outcome for day in (between, refusal.allowed_from - ONE_DAY)} == {DENIED}
    assert moved(did, target, refusal.allowed_from).outcome != DENIED


def test_whole_request_is_possible_on_the_day_named_for_it():
    young = a_did(a_pbx(), activated_on=datetime.date(2026, 5, 1))
    bound = a_did(a_pbx([(datetime.date(2024, 2, 1), 3)], serial="PBX2"), "+498981000500", activated_on=datetime.date(2020, 1, 1))
    answers = Answers({"dids": [DidChoice(did, did.number) for did in (young, bound)]}, partner=a_partner())
    longer = {"code": "did.minimum_term_months", "from": datetime.date(2027, 1, 1), "value": "24 months", "basis": "request"}

    def named(*policies):
        today = datetime.date(2026, 9, 1)
        verdict = TYPES["did_cancel"].judge(answers, book=a_book(today, policies), today=today)
        assert {f.allowed_from for f in verdict.findings} == {datetime.date(2026, 11, 1), datetime.date(2027, 2, 1)}
        return verdict.possible_from

    assert named() == datetime.date(2027, 2, 1)
    assert named(longer) == datetime.date(2028, 5, 1)


def test_numbers_committed_by_that_day_delay_the_whole_request():
    young = a_did(a_pbx(), activated_on=datetime.date(2026, 8, 1))
    soon_bound = a_did(a_pbx([(datetime.date(2027, 1, 1), 3)], serial="PBX2"), "+498981000500", activated_on=datetime.date(2020, 1, 1))
    today = datetime.date(2026, 9, 1)

    def judged(dids, **text):
        answers = Answers({"dids": [DidChoice(did, did.number) for did in dids]} | text, partner=a_partner())
        return TYPES["did_cancel"].judge(answers, book=a_book(today), today=today)

    together = judged([young, soon_bound])
    assert [finding.allowed_from for finding in together.findings] == [datetime.date(2027, 2, 1)]
    assert together.possible_from == datetime.date(2030, 1, 1)
    booked = judged([soon_bound], message="Please cancel this number on 15 March 2028, thank you very much.")
    assert ([finding.rule for finding in booked.findings], booked.possible_from) == (["GEN-2"], datetime.date(2030, 1, 1))


def test_todays_blackout_hour_does_not_shift_the_possible_day():
    pbx, today = a_pbx([(datetime.date(2026, 1, 1), 3)], term="1y", expires_on=datetime.date(2040, 1, 1)), datetime.date(2026, 9, 30)
    pbx._prefetched_objects_cache |= {"licences": [Licence(pbx=pbx, licence_type="teams", quantity=5, monthly_price=10)], "dids": []}
    at = datetime.datetime.combine(today, datetime.time(22, 30), datetime.UTC)
    answers = Answers({"pbx": pbx, "quantity": 1}, partner=a_partner(), at=at)
    verdict = TYPES["teams_licence_change"].judge(answers, book=a_book(today), today=today)
    assert {finding.rule for finding in verdict.findings} == {"LIC-3", "DID-17"}
    assert verdict.possible_from == datetime.date(2029, 1, 1)
