"""Input from people and programs in fields that name things: found among their own, or answered like something unknown."""

import datetime
import re

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from classound.numbers import dialled, parse_number
from policies.countries import country_name
from policies.models import PolicyValue
from tests.cast import make_did
from tests.tickets.actions import bound_field, bound_form
from tickets.fields import CountryField, DeviceField, DidField, DidsField, IsoDateField, OtherPartnerField, ResellerField
from tickets.fields.base import LIMIT
from tickets.types import TYPES

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers(cast):
    return bound_field(DidsField(), cast.nord)


def errors(field, value):
    """Return [(code, message)] of the field's errors, or []."""
    try:
        field.clean(value)
    except ValidationError as error:
        return [(e.code, e.messages[0]) for e in error.error_list]
    return []


@pytest.mark.parametrize(
    "written",
    ["+498981000400", "+49 89 8100 0400", "+49 (89) 8100-0400", " +49.89.8100/0400 "],
)
def test_number_is_read_in_any_spacing(cast, numbers, written):
    assert numbers.clean([written]) == [(cast.did, "+498981000400")]


def test_ranges_and_their_parts_are_found(cast, numbers):
    wide = make_did("+4989810006XX", cast.pbx)
    assert numbers.clean(["+49898100050x", "+498981000503", "+49898100061X", "+498981000699"]) == [
        (cast.range, "+49898100050X"),
        (cast.range, "+498981000503"),
        (wide, "+49898100061X"),
        (wide, "+498981000699"),
    ]


def test_number_written_twice_counts_once(cast, numbers):
    assert numbers.clean(["+498981000400", "+49 89 81000400", ""]) == [(cast.did, "+498981000400")]


def test_other_partners_numbers_are_answered_as_unknown(cast, numbers):
    make_did("+39080765XXX", cast.winery_pbx, country="IT")
    for foreign in (cast.winery_did.number, "+39080765XXX", "+39080765123", "+39080765 12X"):
        ((code, message),) = errors(numbers, [foreign])
        ((unknown_code, unknown_message),) = errors(numbers, ["+390809999999"])
        shown = foreign.replace(" ", "")
        assert (code, message) == (unknown_code, unknown_message.replace("+390809999999", shown))


def test_range_wider_than_ones_own_is_unknown(numbers):
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
def test_unreadable_number_is_an_error_at_the_field(numbers, written):
    assert [code for code, _message in errors(numbers, [written])] == ["invalid"]


def test_every_bad_number_is_named(cast, numbers):
    said = errors(numbers, ["+498981000400", "089 1234", "+390809999999"])
    assert [message.split(" ")[0].rstrip(":") for _code, message in said] == ["089", "+390809999999"]


def test_more_numbers_than_the_limit_are_rejected(numbers):
    many = [f"+4989820{n:05}" for n in range(LIMIT + 1)]
    assert [code for code, _m in errors(numbers, many)] == ["too_many"]
    assert {code for code, _m in errors(numbers, many[:-1])} == {"unknown"}


@pytest.mark.parametrize("nothing", [[], None, [""], ["", ""]])
def test_at_least_one_number_is_required(numbers, nothing):
    assert [code for code, _m in errors(numbers, nothing)] == ["required"]


def test_query_count_does_not_grow_with_the_numbers(cast, numbers):
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
        form = bound_form("did_cancel", cast.nord, dids=made + inside)
        TYPES["did_cancel"].decide(form.answers(), book=PolicyValue.objects.book(on=cast.today), today=cast.today)
    assert len(judging) == len(few) + 1  # the policy book


def test_single_number_field_accepts_one_own_number(cast):
    field = bound_field(DidField(), cast.nord)
    assert field.clean("+49 89 8100 0403").did == cast.porting
    assert [code for code, _m in errors(field, cast.winery_did.number)] == ["unknown"]
    for bad in ({"a": 1}, ["+498981000400"], 7, "x" * 10_000):
        assert [code for code, _m in errors(field, bad)] == ["invalid"]
    assert [code for code, _m in errors(field, "")] == ["required"]


@pytest.mark.parametrize("kind", [DeviceField, ResellerField])
@pytest.mark.parametrize("bad", ["\x00", "x" * 101, 7, {"a": 1}, ["SN-OWNED"]])
def test_unreadable_codes_are_invalid(cast, kind, bad):
    assert [code for code, _m in errors(bound_field(kind(), cast.nord), bad)] == ["invalid"]


def test_other_partners_devices_and_resellers_are_unknown(cast):
    devices, resellers = bound_field(DeviceField(), cast.nord), bound_field(ResellerField(), cast.nord)
    assert (devices.clean(" SN-OWNED "), resellers.clean("R-NORD")) == (cast.phone, cast.north_reseller)
    for field, foreign in ((devices, "SN-WINERY"), (resellers, "R-SUD")):
        said, unknown = errors(field, foreign), errors(field, "NOBODY")
        assert said == [(unknown[0][0], unknown[0][1].replace("NOBODY", foreign))]


@pytest.mark.parametrize("code", ["SUD", "sud", " Sud "])
def test_another_partner_is_found_by_its_code(cast, code):
    assert OtherPartnerField().clean(code) == cast.sud


@pytest.mark.parametrize("code", ["NOBODY", "", "\x00", "Sud Voice", "P" * 10_000, None])
def test_unknown_partner_code_is_an_error(cast, code):
    assert errors(OtherPartnerField(max_length=20), code)


@pytest.mark.parametrize("written", ["2027-03-01", " 2027-03-01 ", datetime.date(2027, 3, 1)])
def test_iso_date_is_accepted(written):
    assert IsoDateField().clean(written) == datetime.date(2027, 3, 1)


@pytest.mark.parametrize(
    "written",
    ["1.3.2027", "03/01/2027", "2027-02-29", "2027-3-1", "20270301", "٢٠٢٧-٠٣-٠١", "2027-03-01\x00", "0001-01-01", "9999-12-31", "tomorrow",
     "2027-03-01T10:00", 20270301, ["2027-03-01"], {"y": 1}, "2" * 10_000],
)  # fmt: skip
def test_anything_but_an_iso_date_is_invalid(written):
    assert [code for code, _m in errors(IsoDateField(), written)] == ["invalid"]


def test_nonexistent_day_is_named_in_the_error():
    assert errors(IsoDateField(), "2027-02-31") == [("invalid", "The date 2027-02-31 does not exist.")]


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
def test_country_is_found_by_name_or_code(written, code):
    assert CountryField().clean(written) == code
    assert CountryField().clean(country_name(code)) == code


@pytest.mark.parametrize("written", ["ZZ", "Atlantis", "I", "\u0399\u03a4", "x" * 10_000, "\x00"])
def test_unknown_country_is_an_error(written):
    assert errors(CountryField(), written)


def test_trunk_zero_is_dropped_but_kept_for_italy():
    assert parse_number("+49 (0)30 5550010X").text == "+49305550010X"
    assert [dialled(text, "IT") for text in ("06 1234", "0039 06 1234", "+39 06 1234", "x")] == ["061234", "39061234", "39061234", ""]


def test_row_error_is_beside_its_own_input(cast):
    form = TYPES["licence_change"].form(QueryDict("changes-0-quantity=-1&changes-1-quantity=-2"), partner=cast.nord)
    assert not form.is_valid()
    page = form["changes"].as_widget()
    described, ids = re.findall('aria-describedby="([^"]+_error)"', page), re.findall(' id="([^"]+)"', page)
    assert len(described) == 4 and set(described) <= set(ids) and len(ids) == len(set(ids))


def test_required_checkbox_is_not_announced_invalid_before_submission():
    """Browsers announce an empty required one as "invalid entry" to screen readers, unless the page says otherwise."""

    class Sure(forms.Form):
        sure = forms.BooleanField()

    assert [re.findall('aria-invalid="([a-z]+)"', str(form["sure"])) for form in (Sure(), Sure({}))] == [["false"], ["true"]]
