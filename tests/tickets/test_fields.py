"""What people and programs write into the fields that name things: found among their own, or answered like the unknown."""

import datetime
import re
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from classound.numbers import dialled, parse_number
from pbx.models import Pbx
from policies.countries import country_name
from policies.models import PolicyValue
from tests.cast import make_device, make_did, make_pbx
from tests.tickets.acts import bound
from tickets import eligibility
from tickets.fields import CountryField, DeviceField, DidChoice, DidField, DidsField, IsoDateField, OtherPartnerField, ResellerField
from tickets.fields.base import LIMIT
from tickets.types import TYPES

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers(cast):
    field = DidsField()
    field.bind(cast.nord, lock=False)
    return field


def of(field, partner):
    field.bind(partner, lock=False)
    return field


def errors(field, value):
    """[(code, message)] of what the field says, or []."""
    try:
        field.clean(value)
    except ValidationError as error:
        return [(e.code, e.messages[0]) for e in error.error_list]
    return []


@pytest.mark.parametrize(
    "written",
    ["+498981000400", "+49 89 8100 0400", "+49 (89) 8100-0400", " +49.89.8100/0400 "],
)
def test_a_number_is_read_however_it_is_spaced(cast, numbers, written):
    assert numbers.clean([written]) == [(cast.did, "+498981000400")]


def test_ranges_and_their_parts_are_found(cast, numbers):
    wide = make_did("+4989810006XX", cast.pbx)
    assert numbers.clean(["+49898100050x", "+498981000503", "+49898100061X", "+498981000699"]) == [
        (cast.range, "+49898100050X"),
        (cast.range, "+498981000503"),
        (wide, "+49898100061X"),
        (wide, "+498981000699"),
    ]


def test_a_number_written_twice_is_one(cast, numbers):
    assert numbers.clean(["+498981000400", "+49 89 81000400", ""]) == [(cast.did, "+498981000400")]


def test_what_belongs_to_others_is_answered_like_the_unknown(cast, numbers):
    make_did("+39080765XXX", cast.winery_pbx, country="IT")
    for foreign in (cast.winery_did.number, "+39080765XXX", "+39080765123", "+39080765 12X"):
        ((code, message),) = errors(numbers, [foreign])
        ((unknown_code, unknown_message),) = errors(numbers, ["+390809999999"])
        shown = foreign.replace(" ", "")
        assert (code, message) == (unknown_code, unknown_message.replace("+390809999999", shown))


def test_a_range_that_is_wider_than_what_one_has_is_unknown(numbers):
    assert [code for code, _m in errors(numbers, ["+4989810005XX"])] == ["unknown"]


@pytest.mark.parametrize(
    "written",
    [
        "498981000400", "00498981000400", "+49898X00400", "X", "+X", "+", "+49898100XXXX", "+0498981000400", "+٤٩٨٩٨١٠٠٠٤٠٠",
        "+４９８９８１０００４００", "+4989810004000000", "+49", "+4989\x0081000400", "+49898100040" + "0" * 10_000, "'; DROP TABLE",
        498981000400, None, True, {"did": 1}, ["+49"],
        "+49898100²",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_the_field(numbers, written):
    assert [code for code, _message in errors(numbers, [written])] == ["invalid"]


def test_every_bad_number_is_named(cast, numbers):
    said = errors(numbers, ["+498981000400", "089 1234", "+390809999999"])
    assert [message.split(" ")[0].rstrip(":") for _code, message in said] == ["089", "+390809999999"]


def test_there_is_a_limit(numbers):
    many = [f"+4989820{n:05}" for n in range(LIMIT + 1)]
    assert [code for code, _m in errors(numbers, many)] == ["too_many"]
    assert {code for code, _m in errors(numbers, many[:-1])} == {"unknown"}


@pytest.mark.parametrize("nothing", [[], None, [""], ["", ""]])
def test_at_least_one_is_needed(numbers, nothing):
    assert [code for code, _m in errors(numbers, nothing)] == ["required"]


def test_the_number_of_queries_does_not_grow_with_the_numbers(cast, numbers):
    made = [make_did(f"+4989830{n:05}", cast.pbx, activated_on=cast.today).number for n in range(40)]
    inside = [f"+49898100050{n}" for n in range(10)]
    with CaptureQueriesContext(
        connection,
    ) as few:
        numbers.clean([made[0], inside[0]])
    with CaptureQueriesContext(connection) as many:
        found = numbers.clean(made + inside)
    assert (len(found), len(many)) == (50, len(few))
    with CaptureQueriesContext(connection) as judging:
        form = bound("did_cancel", cast.nord, dids=made + inside)
        TYPES["did_cancel"].decide(form.answers(), book=PolicyValue.objects.book(on=cast.today), today=cast.today)
    assert len(judging) == len(few) + 1  # the book


def test_one_number(cast):
    field = of(DidField(), cast.nord)
    assert field.clean("+49 89 8100 0403").did == cast.porting
    assert [code for code, _m in errors(field, cast.winery_did.number)] == ["unknown"]
    for bad in ({"a": 1}, ["+498981000400"], 7, "x" * 10_000):
        assert [code for code, _m in errors(field, bad)] == ["invalid"]
    assert [code for code, _m in errors(field, "")] == ["required"]


@pytest.mark.parametrize("kind", [DeviceField, ResellerField])
@pytest.mark.parametrize("bad", ["\x00", "x" * 101, 7, {"a": 1}, ["SN-OWNED"]])
def test_codes_that_cannot_be_read(cast, kind, bad):
    assert [code for code, _m in errors(of(kind(), cast.nord), bad)] == ["invalid"]


def test_devices_and_resellers_of_others_are_unknown(cast):
    devices, resellers = of(DeviceField(), cast.nord), of(ResellerField(), cast.nord)
    assert (devices.clean(" SN-OWNED "), resellers.clean("R-NORD")) == (cast.phone, cast.north_reseller)
    for field, foreign in ((devices, "SN-WINERY"), (resellers, "R-SUD")):
        said, unknown = errors(field, foreign), errors(field, "NOBODY")
        assert said == [(unknown[0][0], unknown[0][1].replace("NOBODY", foreign))]


@pytest.mark.parametrize("code", ["SUD", "sud", " Sud "])
def test_another_partner_is_named_by_its_code(cast, code):
    assert OtherPartnerField().clean(code) == cast.sud


@pytest.mark.parametrize("code", ["NOBODY", "", "\x00", "Sud Voice", "P" * 10_000, None])
def test_a_partner_that_is_not_there(cast, code):
    assert errors(OtherPartnerField(max_length=20), code)


@pytest.mark.parametrize("written", ["2027-03-01", " 2027-03-01 ", datetime.date(2027, 3, 1)])
def test_a_date_as_iso_writes_it(written):
    assert IsoDateField().clean(written) == datetime.date(2027, 3, 1)


@pytest.mark.parametrize(
    "written",
    ["1.3.2027", "03/01/2027", "2027-02-29", "2027-3-1", "20270301", "٢٠٢٧-٠٣-٠١", "2027-03-01\x00", "0001-01-01", "9999-12-31", "tomorrow",
     "2027-03-01T10:00", 20270301, ["2027-03-01"], {"y": 1}, "2" * 10_000],
)  # fmt: skip
def test_what_is_no_date(written):
    assert [code for code, _m in errors(IsoDateField(), written)] == ["invalid"]


def test_a_day_that_no_calendar_has_is_named():
    assert errors(IsoDateField(), "2027-02-31") == [("invalid", "There is no day 2027-02-31.")]


def values(field, query, limit=50):
    return [candidate.value for candidate in field.candidates(query, limit)]


def test_the_picker_of_numbers(cast, numbers):
    make_did("+498981000499", cast.pbx, status="cancelled")
    everything = values(numbers, "")
    assert everything == sorted(everything)
    assert (len(everything), cast.winery_did.number in everything, "+498981000499" in everything) == (5, False, False)
    assert values(numbers, "+49 89 8100 0400") == ["+498981000400"]
    assert values(numbers, "498981000503") == ["+49898100050X"]
    assert values(numbers, "+49898100050x") == ["+49898100050X"]
    assert values(numbers, "pbx-comm") == ["+498981000402"]
    assert len(values(numbers, "+4989", 2)) == 2


@pytest.mark.parametrize(
    "query", ["089 8100 0503", "0049 89 81000503", "(089) 81000-503", "49 89 81000503", "+49 89 8100050X", "+49 89 81000503"]
)
def test_a_number_is_found_as_people_dial_it(cast, numbers, query):
    assert values(numbers, query) == ["+49898100050X"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("it", "IT"),
        ("Italy", "IT"),
        (" the Netherlands ", "NL"),
        ("KOSOVO", "XK"),
        ("Bahamas", "BS"),
        ("usa", "US"),
        ("UK", "GB"),
        ("Österreich", "AT"),
    ],
)
def test_a_country_by_its_name_or_its_letters(written, code):
    assert CountryField().clean(written) == code
    assert CountryField().clean(country_name(code)) == code


@pytest.mark.parametrize("written", ["ZZ", "Atlantis", "I", "\u0399\u03a4", "x" * 10_000, "\x00"])
def test_what_is_no_country(written):
    assert errors(CountryField(), written)


def test_a_country_that_dials_without_a_leading_zero():
    assert parse_number("+49 (0)30 5550010X").text == "+49305550010X"
    assert [dialled(text, "IT") for text in ("06 1234", "0039 06 1234", "+39 06 1234", "x")] == ["061234", "39061234", "39061234", ""]


def test_all_that_is_ticked_stays_whatever_is_searched(cast, today):
    kind = TYPES["did_cancel"]
    ticked = [make_did(f"+4989840{n:05}", cast.pbx).number for n in range(70)]
    form = kind.form(partner=cast.nord)
    chosen, book = [*ticked, "\x00", "X" * 200, cast.winery_did.number], PolicyValue.objects.book(on=today)
    shown = eligibility.listed(kind, form, "dids", query="+49 89 81000400", chosen=chosen, book=book, today=today)
    assert ([row.value for row in shown.rows], shown.more) == ([*ticked, "+498981000400"], False)


def test_numbers_that_are_still_to_be_ported_stand_first_where_portings_are_moved(cast, today):
    ported = [make_did(f"+4930100{n:05}", cast.pbx, kind="ported", porting_date=today).number for n in range(70)]
    kind, book = TYPES["porting_date_change"], PolicyValue.objects.book(on=today)
    shown = eligibility.listed(kind, kind.form(partner=cast.nord), "did", query="", chosen=[], book=book, today=today)
    assert shown.more and [(row.value, row.usable) for row in shown.rows][:2] == [(cast.porting.number, True), (ported[0], False)]


@pytest.mark.parametrize("query", ["\x00", "%", "_", "٤٩", "+", "X" * 10_000, "9" * 10_000, "'", "²"])
def test_odd_searches_are_answered(cast, numbers, query):
    everything = values(numbers, "")
    assert set(values(numbers, query)) <= set(everything)
    for field in (of(DeviceField(), cast.nord), of(ResellerField(), cast.nord)):
        assert len(values(field, query)) <= 3


def test_the_picker_of_devices(cast):
    field = of(DeviceField(), cast.nord)
    make_device("SN-GONE", cast.item, cast.pbx, state="returned")
    assert values(field, "") == ["SN-OWNED", "SN-SCARCE", "SN-SERVICE"]
    assert (values(field, "sn-o"), values(field, "dect"), values(field, "SN-WINERY")) == (["SN-OWNED"], ["SN-SCARCE"], [])


def test_the_picker_of_resellers(cast):
    field = of(ResellerField(), cast.nord)
    assert (values(field, ""), values(field, "kiel"), values(field, "bari")) == (["R-NORD"], ["R-NORD"], [])


def test_what_takes_long_to_judge_is_listed_by_twenty_at_once(cast, today):
    for number in range(20):
        make_pbx(f"PBX-MANY-{number:02}", cast.bakery, today)
    book = PolicyValue.objects.book(on=today)
    for code, field, count in (("pbx_terminate", "pbx", 20), ("commitment_request", "pbx", Pbx.objects.of_partner(cast.nord).count())):
        shown = eligibility.listed(TYPES[code], TYPES[code].form(partner=cast.nord), field, query="", chosen=[], book=book, today=today)
        assert (len(shown.rows), shown.more) == (count, count == 20)


@pytest.mark.parametrize("make", [partial(DidsField, facts=("porting_changes",)), DeviceField], ids=["numbers", "devices"])
def test_pickers_ask_no_query_for_each_row(cast, make):
    field = of(make(), cast.nord)
    with CaptureQueriesContext(connection) as few:
        judged(field.candidates("", 1))
    for n in range(20):
        make_did(f"+4989840{n:05}", cast.pbx)
        make_device(f"SN-MORE-{n}", cast.item, cast.pbx)
    with CaptureQueriesContext(connection) as many:
        judged(field.candidates("", 50))
    assert len(many) == len(few)


def judged(candidates):
    """Touch what the rules touch."""
    for candidate in candidates:
        if isinstance(candidate.answer, DidChoice):
            did = candidate.answer.did
            did.pbx.commitment_on(datetime.date(2026, 11, 18))
            list(did.porting_changes.all())
        else:
            list(candidate.answer.rmas.all())


def test_what_is_wrong_in_a_row_is_beside_its_own_input(cast):
    form = TYPES["licence_change"].form(QueryDict("changes-0-quantity=-1&changes-1-quantity=-2"), partner=cast.nord)
    assert not form.is_valid()
    page = form["changes"].as_widget()
    described, ids = re.findall('aria-describedby="([^"]+_error)"', page), re.findall(' id="([^"]+)"', page)
    assert len(described) == 4 and set(described) <= set(ids) and len(ids) == len(set(ids))
