"""The calendar of expirations (COM-6) and the LifeTime report (LIC-9): their content, their readers, and as a file without formulas."""

import csv
import datetime
import io
import re

import pytest
from dateutil.relativedelta import relativedelta

from pbx.models import Commitment, ConsoleReport, Licence, Pbx
from tests.cast import make_commitment, make_pbx
from tests.markup import flat
from web.spreadsheets import cell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]


def table(answer):
    assert answer["Content-Type"].startswith("text/csv") and answer.streaming
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))[1:]


def page(client, path, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer


def serials(answer):
    return [row["pbx"].serial for row in answer.context["rows"]]


def test_calendar_shows_the_year_as_a_chart_and_a_month_as_a_list(sign_in, cast):
    """In the cast, all PBXs expire in a month, and one Commitment ends in two years."""
    nora = sign_in(cast.nora)
    late = make_pbx("PBX-LATE", cast.bakery, cast.today, term="1y", expires_on=cast.today + relativedelta(months=11))
    make_pbx("PBX-OVER", cast.bakery, cast.today, terminated_on=cast.today)
    make_commitment(late, cast.today - relativedelta(years=3) + relativedelta(months=2), 3)
    answer = page(nora, "/portal/expirations/")
    assert [(m["label"], m["expiring"], m["ending"]) for m in answer.context["months"] if m["expiring"] or m["ending"]] == [
        ("Dec", 2, 0),
        ("Jan", 0, 1),
        ("Oct", 1, 0),
    ]
    counts = re.findall(r'(\d)<span class="visually-hidden">([^<]+)</span>', flat(answer))
    assert {("2", "PBXs expire,"), ("1", "PBX expires,"), ("0", "PBXs expire,"), ("1", "Commitment ends"), ("0", "Commitments end")} == set(
        counts
    )
    assert serials(answer) == ["PBX-FREE", "PBX-COMMITTED", "PBX-LATE"]
    assert serials(page(nora, "/portal/expirations/", month="2027-10")) == ["PBX-LATE"]
    assert serials(page(nora, "/portal/expirations/", term="1y")) == ["PBX-LATE"]
    assert serials(page(nora, "/portal/expirations/", q="pbx-c")) == ["PBX-COMMITTED"]
    ending = page(nora, "/portal/expirations/", kind="commitment")
    assert serials(ending) == ["PBX-LATE"] and b"3 more years" in ending.content
    Commitment.objects.filter(pbx=late).update(renews=False)
    assert b"Not renewed" in page(nora, "/portal/expirations/", kind="commitment", month="2027-01").content
    later = page(nora, "/portal/expirations/", **{"from": "2027-12", "kind": "commitment"})
    assert serials(later) == ["PBX-COMMITTED"]


def test_agents_see_all_partners_or_one(sign_in, cast):
    ada = sign_in(cast.agent)
    assert len(serials(page(ada, "/desk/expirations/"))) == 4
    assert serials(page(ada, "/desk/expirations/", partner="SUD")) == ["PBX-WINERY"]
    assert len(table(page(ada, "/desk/expirations.csv", partner="NORD"))) == 2
    assert b"/desk/pbxs/PBX-WINERY/" in page(ada, "/desk/expirations/", partner="SUD").content


def test_calendar_file_has_the_rows_of_its_page(sign_in, cast):
    make_commitment(cast.pbx, cast.today - relativedelta(years=3) + relativedelta(days=1), 3)
    Pbx.objects.filter(pk=cast.pbx.pk).update(name="=1+1")
    nora = sign_in(cast.nora)
    expiring = page(nora, "/portal/expirations.csv", month="2026-12")
    assert "expirations-2026-12.csv" in expiring["Content-Disposition"]
    assert table(expiring) == [
        ["2026-12-18", "PBX-FREE", "'=1+1", "NORD", "Bakery", "1m", "2026-11-19"],
        ["2026-12-18", "PBX-COMMITTED", "Pbx-Committed", "NORD", "Bakery", "1m", cast.commitment.ends_on.isoformat()],
    ]
    ending = page(nora, "/portal/expirations.csv", month="2026-11", kind="commitment")
    assert "commitments-2026-11.csv" in ending["Content-Disposition"]
    assert table(ending) == [["2026-11-19", "PBX-FREE", "'=1+1", "NORD", "Bakery", "1m", "3", "yes"]]


def test_long_list_of_dates_is_paged(sign_in, cast):
    for number in range(55):
        make_pbx(f"PBX-{number:03}", cast.bakery, cast.today, expires_on=cast.today + datetime.timedelta(days=number))
    nora = sign_in(cast.nora)
    first = page(nora, "/portal/expirations/")
    rest = page(nora, "/portal/expirations/" + first.context["page"].older_url)
    assert len(set(serials(first) + serials(rest))) == 57 and len(serials(first)) == 50


def test_lifetime_pbxs_are_listed_with_support_and_upgrade(sign_in, cast):
    nora = sign_in(cast.nora)
    old = make_pbx("PBX-OLD", cast.bakery, cast.today, term="lifetime", expires_on=None, wms_version="3.88")
    held = make_pbx("PBX-HELD", cast.bakery, cast.today, term="lifetime", expires_on=None, wms_version="5.04")
    Licence.objects.create(pbx=old, licence_type="essential", quantity=10, monthly_price=0)
    ConsoleReport.objects.create(pbx=held, registered_users=1, wms_role="server", reported_at="2026-11-17T04:00:00Z")
    answer = page(nora, "/portal/lifetime/")
    assert serials(answer) == ["PBX-HELD", "PBX-OLD"]
    words = answer.content.decode()
    assert "360.00" in words and "BIL-4" in words and "LIC-10" in words
    header = ["serial", "name", "partner", "end_user", "year", "listed", "times", "cost", "currency", "version", "to", "against"]
    held_row, old_row = (dict(zip(header, row, strict=True)) for row in table(page(nora, "/portal/lifetime.csv", year="2027")))
    assert (old_row["year"], old_row["listed"], old_row["times"], old_row["cost"]) == ("2027", "120.00", "3", "360.00")
    assert (old_row["to"], old_row["against"]) == ("4", "")
    assert held_row["to"] == "6" and held_row["against"].startswith("LIC-10: ")
    assert b"No LifeTime PBXs" in page(sign_in(cast.sara), "/portal/lifetime/").content
    assert serials(page(sign_in(cast.agent), "/desk/lifetime/", partner="NORD", q="pbx-o")) == ["PBX-OLD"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+49 30 5550300", "+49 30 5550300"),
        ("+493055501XX", "+493055501XX"),
        ("+49+1", "'+49+1"),
        ("+A1", "'+A1"),
        ("-5", "'-5"),
        (-5, -5),
        (" =1", "' =1"),
        ("@x", "'@x"),
        ("\t=1", "'\t'=1"),
        ("Bäckerei", "Bäckerei"),
        (None, ""),
    ],
)
def test_cell_neutralises_formulas_but_keeps_phone_numbers(value, shown):
    assert cell(value) == shown
