"""A partner's lists – numbers, devices, PBXs, requests: narrowed by a chip that keeps the search, and the same as a file."""

import csv
import datetime
import io

import pytest
from django.urls import reverse

from pbx.models import Pbx
from tests.desk.conftest import question
from tests.desk.test_export import sheets
from tickets.models import Ticket


@pytest.fixture
def page(cast, client):
    """page(name, …) returns what Nora's list of that name shows for this query; page.file(name, …) its rows as a file."""
    client.force_login(cast.nora)

    def read(name, **query):
        return client.get(reverse(f"portal:{name}"), query).context

    def file(name, **query):
        address = read(name, **query)["files"]["csv"]
        text = b"".join(client.get(address)).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    read.file = file
    return read


def displays(context):
    return [row["display"].replace(" ", "") for row in context["rows"]]


def test_chip_filters_the_numbers_and_keeps_the_search(page):
    assert displays(page("dids", status="ordered")) == ["+498981000403"]
    assert "+498981000403" not in displays(page("dids", status="active"))
    found = page("dids", q="+4989810004", status="active")
    assert displays(found) == ["+498981000400", "+498981000401", "+498981000402"]
    assert {chip["label"]: chip["url"] for chip in found["filters"]}["Ordered"] == "?q=%2B4989810004&status=ordered"
    assert [chip["label"] for chip in found["filters"] if chip["active"]] == ["Active"]


@pytest.mark.parametrize("name", ["dids", "devices", "pbxs"])
def test_list_is_searched_by_end_user(page, name):
    """PBXs of several end users often have the same name."""
    assert displays(page(name, q="bake")) == displays(page(name)) != []
    assert displays(page(name, q="winery")) == []


def test_each_row_lists_its_possible_requests_with_links(page, client, cast):
    def actions(name, display):
        return {one["label"]: one["url"] for row in page(name)["rows"] if row["display"] == display for one in row["actions"]}

    leased, owned, pbx = actions("devices", "SN-SERVICE"), actions("devices", "SN-OWNED"), actions("pbxs", "Pbx-Free")
    assert list(leased) == ["Replace (RMA)", "Return", "Report as lost", "Buy out"]
    assert list(owned) == ["Replace (RMA)", "Convert to HWaaS"]
    assert {"Change licences", "Take a Commitment", "Switch to x-bees", "Terminate this PBX"} < pbx.keys()
    assert {f"'{url}'" for url in pbx.values()} == {f"'{one['url']}'" for one in client.get("/portal/pbxs/PBX-FREE/").context["actions"]}
    for url in [*leased.values(), *owned.values(), *pbx.values()]:
        shown = client.get(url)
        assert shown.status_code == 200 and ("/move/" in url or " checked" in shown.text), url
    Pbx.objects.filter(serial="PBX-FREE").update(terminated_on=cast.today, product="xbees")
    assert actions("pbxs", "Pbx-Free") == {}
    assert client.get("/portal/pbxs/PBX-FREE/").text.count("Terminated") == 2, "beside its name, and the day among the facts"
    (ended,) = [row["cells"][2] for row in page("pbxs")["rows"] if row["display"] == "Pbx-Free"]
    assert (ended["date"], ended["note"]) == (cast.today, "terminated")


def test_devices_without_a_billing_start_say_when_it_is(page, cast):
    def note(shipped_on):
        cast.service.shipped_on, cast.service.billing_starts_on = shipped_on, None
        cast.service.save()
        (cells,) = [row["cells"] for row in page("devices")["rows"] if row["display"] == cast.service.serial]
        return " ".join(cell.get("note", "") for cell in cells if isinstance(cell, dict))

    assert "after shipment" in note(None)
    assert "billing start unknown: contact the care team" in note(cast.today)


def test_unknown_chip_filters_nothing(page):
    assert displays(page("dids", status="gone")) == displays(page("dids"))
    assert [chip["label"] for chip in page("dids", status="gone")["filters"] if chip["active"]] == ["All"]


def test_numbers_file_has_the_rows_of_the_list(page, cast):
    rows = page.file("dids")
    assert [row["number"] for row in rows] == [row["display"] for row in page("dids")["rows"]]
    ported = next(row for row in rows if row["number"] == "+49 89 81000403")
    assert (ported["pbx"], ported["end_user"], ported["status"]) == ("PBX-FREE", "Bakery", "ordered")
    assert (ported["porting_date"], ported["porting_confirmed"]) == (cast.porting.porting_date.isoformat(), "yes")
    assert [row["number"] for row in page.file("dids", q="+4989810004", status="ordered")] == ["+49 89 81000403"]
    assert "Winery" not in [row["end_user"] for row in rows]


def test_list_shows_when_a_number_becomes_or_stopped_being_active(page, cast, today):
    cast.held.status, cast.held.cancelled_on = "cancelled", today
    cast.held.save()
    notes = {row["number"]: row["cells"][3] for row in page("dids")["rows"]}
    assert notes[cast.porting.number]["date"] == cast.porting.porting_date and notes[cast.porting.number]["note"] == "porting, confirmed"
    assert notes[cast.held.number]["note"] == f"until {today.day} {today:%b %Y}"


def test_devices_are_filtered_by_state_and_exported(page, cast):
    cast.base.state = "lost"
    cast.base.save()
    assert displays(page("devices", state="lost")) == ["SN-SCARCE"]
    assert [row["serial"] for row in page.file("devices", state="in_use")] == ["SN-OWNED", "SN-SERVICE"]
    service = next(row for row in page.file("devices") if row["serial"] == "SN-SERVICE")
    assert (service["item"], service["ownership"], service["warranty_document"]) == ("WP480", "hwaas", "no")
    assert service["billing_starts_on"] == cast.service.billing_starts_on.isoformat()


def test_pbxs_are_filtered_by_term_and_exported(page, cast):
    assert displays(page("pbxs", term="1y")) == []
    assert [row["serial"] for row in page.file("pbxs", term="1m")] == ["PBX-COMMITTED", "PBX-FREE"]
    committed = page.file("pbxs", q="PBX-COM")[0]
    assert (committed["end_user"], committed["commitment_until"]) == ("Bakery", cast.commitment.ends_on.isoformat())


def test_excel_files_have_numeric_dates_and_amounts(client, cast, page, that_day):
    def columns(address, **query):
        (heading, *rows), *_more = sheets(b"".join(client.get(address, query)))
        return dict(zip(heading, rows[0], strict=False))

    def day(text):
        return datetime.date(1899, 12, 30) + datetime.timedelta(int(text))

    assert day(columns(page("devices")["files"]["xlsx"])["ordered_on"]) == cast.phone.ordered_on
    expiring = page("expirations", month="2026-12")["files"]["xlsx"]
    assert day(columns(expiring)["expires_on"]) == datetime.date(2026, 12, 18)
    Pbx.objects.filter(pk=cast.pbx.pk).update(term="lifetime", expires_on=None)
    assert float(columns(page("lifetime")["files"]["xlsx"])["support_cost"]) == 0


def test_requests_are_exported(page, cast, now):
    asked = question(cast, now)
    other = Ticket.objects.get(pk=asked.pk)
    other.pk, other.subject, other.answers, other.status = None, "Cancel two", {"dids": ["+498981000400", "+13125550100"]}, "solved"
    other.save()
    rows = {row["Subject"]: row for row in page.file("requests")}
    assert {int(row["Number"]) for row in rows.values()} == {asked.pk, other.pk}
    assert rows["Cancel two"]["Numbers"] == "+49 89 81000400, +1 312 555 0100" and rows["Cancel two"]["Status"] == "Solved"
    assert rows[asked.subject]["Requester"] == "Nora Nord" and "Owner" not in rows[asked.subject]
    assert [row["Subject"] for row in page.file("requests", show="done")] == ["Cancel two"]
