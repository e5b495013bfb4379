"""What pickers list: the selection first, then the matches, and objects the type is about before the rest."""

import datetime
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pbx.models import Pbx
from policies.models import PolicyValue
from tests.cast import make_device, make_did, make_pbx
from tests.tickets.actions import bound_field, set_policy
from tickets import eligibility
from tickets.answers import Answers
from tickets.fields import DeviceField, DidChoice, DidsField, PbxField, ResellerField
from tickets.types import TYPES

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers(cast):
    return bound_field(DidsField(), cast.nord)


def values(field, query, limit=50):
    return [candidate.value for candidate in field.candidates(query, limit)]


def test_number_picker_lists_and_matches_own_numbers(cast, numbers):
    make_did("+498981000499", cast.pbx, status="cancelled")
    everything = values(numbers, "")
    assert everything == sorted(everything)
    assert (len(everything), cast.winery_did.number in everything, "+498981000499" in everything) == (5, False, False)
    assert values(numbers, "+49 89 8100 0400") == ["+498981000400"]
    assert values(numbers, "498981000503") == ["+49898100050X"]
    assert values(numbers, "+49898100050x") == ["+49898100050X"]
    assert values(numbers, "pbx-comm") == ["+498981000402"]
    assert (values(numbers, "bak"), values(numbers, "winery")) == (everything, []), "by the end user, too, if it is one's own"
    assert len(values(numbers, "+4989", 2)) == 2


@pytest.mark.parametrize(
    "query", ["089 8100 0503", "0049 89 81000503", "(089) 81000-503", "49 89 81000503", "+49 89 8100050X", "+49 89 81000503"]
)
def test_number_is_found_as_people_dial_it(cast, numbers, query):
    assert values(numbers, query) == ["+49898100050X"]


def test_ticked_items_stay_listed_whatever_is_searched(cast, today):
    kind = TYPES["did_cancel"]
    ticked = [make_did(f"+4989840{n:05}", cast.pbx).number for n in range(70)]
    form = kind.form(partner=cast.nord)
    chosen, book = [*ticked, "\x00", "X" * 200, cast.winery_did.number], PolicyValue.objects.book(on=today)
    shown = eligibility.listed(kind, form, "dids", query="+49 89 81000400", chosen=chosen, book=book, today=today)
    assert ([row.value for row in shown.rows], shown.more) == ([*ticked, "+498981000400"], False)


def test_porting_change_lists_numbers_still_to_be_ported_first(cast, today):
    ported = [make_did(f"+4930100{n:05}", cast.pbx, kind="ported", porting_date=today).number for n in range(70)]
    kind, book = TYPES["porting_date_change"], PolicyValue.objects.book(on=today)
    shown = eligibility.listed(kind, kind.form(partner=cast.nord), "did", query="", chosen=[], book=book, today=today)
    assert shown.more and [(row.value, row.usable) for row in shown.rows][:2] == [(cast.porting.number, True), (ported[0], False)]


@pytest.mark.parametrize("query", ["\x00", "%", "_", "٤٩", "+", "X" * 10_000, "9" * 10_000, "'", "²"])
def test_unusual_searches_do_not_fail(cast, numbers, query):
    everything = values(numbers, "")
    assert set(values(numbers, query)) <= set(everything)
    for field in (bound_field(DeviceField(), cast.nord), bound_field(ResellerField(), cast.nord)):
        assert len(values(field, query)) <= 3


def test_device_picker_lists_and_matches_devices_in_use(cast):
    field = bound_field(DeviceField(), cast.nord)
    make_device("SN-GONE", cast.item, cast.pbx, state="returned")
    assert values(field, "") == ["SN-OWNED", "SN-SCARCE", "SN-SERVICE"]
    assert (values(field, "sn-o"), values(field, "dect"), values(field, "SN-WINERY")) == (["SN-OWNED"], ["SN-SCARCE"], [])
    assert values(field, "PHONE") == ["SN-OWNED", "SN-SERVICE"], "by the item's name"
    assert (values(field, "pbx-f"), values(field, "bakery"), values(field, "winery")) == (values(field, ""), values(field, ""), [])


def test_pbx_picker_matches_own_end_users(cast):
    field = bound_field(PbxField(), cast.nord)
    assert (values(field, "bakery"), values(field, "winery")) == (["PBX-COMMITTED", "PBX-FREE"], [])


def test_reseller_picker_lists_and_matches_own_resellers(cast):
    field = bound_field(ResellerField(), cast.nord)
    assert (values(field, ""), values(field, "kiel"), values(field, "bari")) == (["R-NORD"], ["R-NORD"], [])


def test_types_that_are_slow_to_judge_list_twenty_at_a_time(cast, today):
    for number in range(20):
        make_pbx(f"PBX-MANY-{number:02}", cast.bakery, today)
    book = PolicyValue.objects.book(on=today)
    for code, field, count in (("pbx_terminate", "pbx", 20), ("commitment_request", "pbx", Pbx.objects.of_partner(cast.nord).count())):
        shown = eligibility.listed(TYPES[code], TYPES[code].form(partner=cast.nord), field, query="", chosen=[], book=book, today=today)
        assert (len(shown.rows), shown.more) == (count, count == 20)


def test_date_beside_a_pbx_is_when_all_of_it_can_end(cast, today):
    """Its number, already free, is bound again by the announced term when its device is free."""
    made, kind = make_pbx("PBX-BOTH", cast.bakery, today), TYPES["pbx_terminate"]
    make_did("+4989840001", made, activated_on=datetime.date(2026, 7, 1))
    make_device("SN-BOTH", cast.item, made, ownership="hwaas", billing_starts_on=datetime.date(2026, 9, 1))
    set_policy("did.minimum_term_months", "24 months", datetime.date(2027, 2, 1), cast.admin)
    book = PolicyValue.objects.book(on=today)
    shown = eligibility.listed(kind, kind.form(partner=cast.nord), "pbx", query="PBX-BOTH", chosen=[], book=book, today=today)
    assert [(row.value, row.allowed_from) for row in shown.rows] == [("PBX-BOTH", datetime.date(2028, 7, 1))]
    assert kind.judge(Answers({"pbx": made}, partner=cast.nord), book=book, today=today).possible_from == datetime.date(2028, 7, 1)


@pytest.mark.parametrize("make", [partial(DidsField, facts=("porting_changes",)), DeviceField], ids=["numbers", "devices"])
def test_pickers_run_no_query_per_row(cast, make):
    field = bound_field(make(), cast.nord)
    with CaptureQueriesContext(connection) as few:
        read_as_rules_do(field.candidates("", 1))
    for n in range(20):
        make_did(f"+4989840{n:05}", cast.pbx)
        make_device(f"SN-MORE-{n}", cast.item, cast.pbx)
    with CaptureQueriesContext(connection) as many:
        read_as_rules_do(field.candidates("", 50))
    assert len(many) == len(few)


def read_as_rules_do(candidates):
    """Access the attributes that the rules access."""
    for candidate in candidates:
        if isinstance(candidate.answer, DidChoice):
            did = candidate.answer.did
            did.pbx.commitment_on(datetime.date(2026, 11, 18))
            list(did.porting_changes.all())
        else:
            list(candidate.answer.rmas.all())
