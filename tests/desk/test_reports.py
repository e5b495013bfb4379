"""Reports: figures of a small known set of tickets, every number a link to the list of exactly these, files with the same content."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from billing.services import post
from tests.desk.figures import client_of, links, listed, make
from tests.desk.test_export import exported
from tests.thorough import share
from tickets.models import Confirmation, DeniedAttempt, Override, Ticket, TicketCharge

pytestmark = pytest.mark.usefixtures("that_day")
MONTH = "/desk/reports/?period=month"


@pytest.fixture
def known(cast, now):
    """November 2026, with tickets of the days before and after it that no figure may include."""
    done = {"status": "solved", "outcome": "executed"}
    for at in ("2026-10-31T23:59:59+00:00", "2026-12-01T00:00:00+00:00"):
        make(
            cast, now.fromisoformat(at), first_minutes=9000, solve_minutes=9000, first_is_late=True, reopened=1, is_satisfied=False, **done
        )
    first = now.replace(day=1, hour=0)
    for n, (answered, solved) in enumerate(((10, 100), (20, 200), (30, 300), (40, 400))):
        make(cast, first + timedelta(days=n), first_minutes=answered, solve_minutes=solved, is_satisfied=n > 0, reopened=n // 3, **done)
    late = make(cast, now, first_minutes=50, first_is_late=True, solution_is_late=True, assignee=cast.agent2)
    rule = {"outcome": "needs_review", "findings": [{"rule": "RMA-1"}, {"rule": "RMA-1"}, {"rule": "GEN-1"}], "charges": []}
    rejected = {"status": "closed", "outcome": "rejected", "reason": "other", "verdict": rule}
    back = make(cast, now, type_code="rma", topic="HWaaS", partner=cast.sud, requester=cast.sara, next_is_late=True, **rejected)
    moved = make(cast, now, type_code="reseller_transfer", topic="Company")
    Override.objects.create(ticket=late, rule="DID-1", reason="Agreed", by=cast.lead, at=now)
    Override.objects.create(ticket=late, rule="DID-2", reason="Agreed", by=cast.lead, at=now)
    for party, decision in (("subject", "agreed"), ("new_partner", "")):
        decided = {"decided_at": now + timedelta(hours=3)} if decision else {}
        Confirmation.objects.create(ticket=moved, party=party, name="Kiel IT", decision=decision, **decided)
    DeniedAttempt.objects.create(day=now.date(), type_code="did_cancel", rule="DID-1", count=5)
    DeniedAttempt.objects.create(day=now.date() - timedelta(days=40), type_code="did_cancel", rule="DID-1", count=50)
    charged(late, cast.nord, "100.00", "EUR", now)
    charged(moved, cast.albion, "30.00", "GBP", now)
    charged(back, cast.nord, "25.00", "EUR", now, kind="credit_note")
    charged(moved, cast.albion, "10.00", "GBP", now, kind="reversal")
    charged(Ticket.objects.order_by("pk").first(), cast.nord, "1.00", "EUR", now)  # requested earlier, posted now
    return cast


def charged(ticket, payer, amount, currency, at, kind="fee"):
    """Create a charge of a ticket that was posted to the ledger."""
    fee = "reversal:fee.x" if kind == "reversal" else "fee.x"
    values = {"fee": fee, "title": "Fee", "amount": amount, "currency": currency, "kind": kind}
    TicketCharge.objects.create(ticket=ticket, payer=payer, moment="executed", due_at=at, posted_at=at, **values)
    sign = "-" if kind in TicketCharge.CREDITS else ""
    post(partner_id=payer.pk, source=ticket.source, at=at, **values | {"amount": sign + amount})


def tables(client, url=MONTH):
    """Return {report: its rows as texts}."""
    shown = client.get(url).context
    reports = [shown["volume"], shown["days"], *shown["reports"]]
    return {report.code: [[cell.text for cell in row.cells] for row in report.rows] for report in reports}


def test_figures_of_a_month(known):
    found = tables(client_of(known.agent))
    assert [row[1:] for row in found["volume"]] == [
        ["5", "71.4 %", "4", "0", "0", "0", "0", "0"],
        ["1", "14.3 %", "0", "0", "0", "0", "0", "0"],
        ["1", "14.3 %", "0", "0", "1", "0", "0", "0"],
        ["7", "100.0 %", "4", "0", "1", "0", "0", "0"],
    ]
    assert len(found["days"]) == 30 and sum(int(row[1]) for row in found["days"]) == 7 and found["days"][17][1] == "3"
    assert found["times"][-1] == ["All", "5", "30 min", "50 min", "4", "3 h 20 min", "6 h 40 min"]
    named = re.findall(r'aria-label="([^"]+)">Median</th>', client_of(known.agent).get(MONTH).text)
    assert named == ["First answer: Median", "Solution: Median"], "columns with the same title are told apart"
    assert [row[1:] for row in found["breaches"]] == [["1", "14.3 %"]] * 3
    (late,) = (report for report in client_of(known.agent).get(MONTH).context["reports"] if report.code == "breaches")
    assert [row.bar for row in late.rows] == [14.29] * 3, "as long as the share that stands beside it"
    assert found["refusals"] == [["DID-1", "5", "0"], ["GEN-1", "0", "1"], ["RMA-1", "0", "1"]]
    assert found["overrides"] == [["Lea Lead", "1", "2"]]
    assert found["money"] == [
        ["November 2026", "EUR", "101.00", "0.00", "−25.00", "0.00", "76.00"],
        ["November 2026", "GBP", "30.00", "−10.00", "0.00", "0.00", "20.00"],
    ]
    assert found["reopened"][-1][1:] == ["1", "14.3 %"]
    assert found["satisfaction"][-1][1:] == ["3", "1", "75.0 %", "57.1 %"]
    assert [row[1:] for row in found["confirmations"]] == [
        ["1", "0", "0", "1", "–", "–"],
        ["1", "1", "0", "0", "3 h 00 min", "3 h 00 min"],
    ]


def test_each_figure_links_to_the_tickets_it_counts(known):
    client = client_of(known.agent)
    weeks, months = "&period=quarter", "&period=days&from=2025-10-20&to=2026-12-05"
    for narrowing in share(("", "&topic=CLASSOUND", "&type=rma", weeks, months, "&partner=SUD", f"&owner={known.agent2.email}"), 4):
        shown = client.get(MONTH + narrowing).context
        counted = [
            (cell.raw, cell.url)
            for report in (shown["volume"], shown["days"], *shown["reports"])
            for row in report.rows
            for cell in row.cells
            if cell.url.startswith("/desk/") and isinstance(cell.raw, int)
        ]
        assert {url: len(listed(client, url)) for url in {url for _number, url in counted}} == {url: number for number, url in counted}
        assert len(counted) > 3


def test_figure_links_have_descriptive_names(known):
    page = client_of(known.lead).get(MONTH).content.decode()
    called = re.findall(r'<a href="[^"]*"\s+aria-label="([^"]*)">([0-9,.]+)</a>', page)
    assert ("Cancel numbers, Submitted: 5", "5") in called
    assert all(name.endswith(f": {shown}") for name, shown in called) and len({name for name, _shown in called}) == len(called) > 20
    assert not re.findall(r'<a href="[^"]*">[0-9,.]+</a>', page)


def test_money_links_to_its_tickets_and_is_separated_by_currency(known, now):
    client = client_of(known.agent)
    money = next(r for r in client.get(MONTH).context["reports"] if r.code == "money")
    found = [[(cell.text, len(listed(client, cell.url))) for cell in row.cells if cell.url] for row in money.rows]
    assert found == [[("101.00", 2), ("−25.00", 1)], [("30.00", 1), ("−10.00", 1)]]
    assert tables(client, MONTH + "&type=reseller_transfer")["money"] == [
        ["November 2026", "GBP", "30.00", "−10.00", "0.00", "0.00", "20.00"]
    ]
    assert tables(client, MONTH + "&partner=NORD")["money"] == [["November 2026", "EUR", "101.00", "0.00", "−25.00", "0.00", "76.00"]]
    for fee, amount in (("reversal:fee.x", -7), ("bonus.withdrawn:2026-10", 9)):  # one reverses a fee, one withdraws a credit
        post(partner_id=known.nord.pk, source="x", at=now, fee=fee, title="x", amount=amount, currency="EUR", kind="reversal")
    assert tables(client)["money"][0][2:] == ["101.00", "−7.00", "−25.00", "9.00", "78.00"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_report_can_be_exported(known, kind):
    client = client_of(known.agent)
    for code, rows in tables(client).items():
        heading, lines = exported(client, f"/desk/reports/{code}.{kind}?period=month")
        assert len(lines) == len(rows) and {len(heading)} >= {len(line) for line in lines if kind == "csv"}
    heading, lines = exported(client, f"/desk/reports/money.{kind}?period=month")
    assert [float(line[heading.index("Total")]) for line in lines] == [76, 20]
    assert client.get("/desk/reports/money.pdf").status_code == 404 == client.get("/desk/reports/other.csv").status_code


def test_periods_follow_the_calendar(cast):
    client = client_of(cast.agent)
    spans = {"week": ("2026-11-16", "2026-11-22"), "quarter": ("2026-10-01", "2026-12-31"), "year": ("2026-01-01", "2026-12-31")}
    for period, span in (spans | {"": ("2026-11-01", "2026-11-30")}).items():
        page = client.get(f"/desk/reports/?period={period}&topic=").context
        assert (str(page["asked"].first), str(page["asked"].last), page["form"]["period"].value()) == (*span, period or "month")
    shown = client.get("/desk/reports/?period=days&from=2026-02-01&to=2026-03-31").context
    assert "from=2025-12-01&to=2026-01-31" in shown["before"] and "from=2026-04-01&to=2026-05-31" in shown["after"]
    shown = client.get("/desk/reports/?period=days&from=2026-03-03&to=2026-03-01&partner=NOBODY&type=x")
    assert set(shown.context["form"].errors) == {"to", "partner", "type"} and shown.status_code == 200


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ("from=2026-03-01", {"to"}),
        ("to=2026-03-01", {"from"}),
        ("", {"from"}),
        ("from=soon", {"from"}),
        ("from=soon&to=", {"from"}),
        ("from=2026-03-03&to=2026-03-01", {"to"}),
        ("from=2026-03-01&to=2026-03-01", set()),
    ],
)
def test_missing_day_is_named_beside_other_invalid_fields(cast, days, named):
    """The report itself is that of this month until both days are known."""
    for others in ({}, {"partner": "NOBODY"}, {"type": "x", "owner": "nobody@careline.example"}):
        shown = client_of(cast.agent).get(f"/desk/reports/?period=days&{days}&{urlencode(others)}")
        assert shown.status_code == 200 and set(shown.context["form"].errors) == {*named, *others}
        assert str(shown.context["asked"].last) == ("2026-11-30" if named else "2026-03-01")


@pytest.mark.parametrize("days", ["from=0001-01-01&to=0001-01-31", "from=9999-12-02&to=9999-12-31", "from=0001-01-01&to=9999-12-31"])
def test_days_at_calendar_limits_are_rejected_at_their_field(cast, days):
    client = client_of(cast.agent)
    shown = client.get(f"/desk/reports/?period=days&{days}&type=did_cancel")
    assert shown.status_code == 200 and "Enter a date" in shown.text and shown.context["asked"].type == "did_cancel"
    assert client.get(f"/desk/reports/days.csv?period=days&{days}").status_code == 200


def test_query_count_is_constant(known, now, django_assert_num_queries):
    client = client_of(known.agent)
    client.get(MONTH)  # service level values are cached for a minute
    for rows in (0, 3):
        for _n in range(rows):
            make(known, now, is_satisfied=False, satisfaction_note="Slow", type_code="rma", topic="HWaaS")
        with django_assert_num_queries(12):
            page = client.get(MONTH).content.decode()
    assert len(links(page, "/desk/?view=all")) > 20


def test_reports_are_denied_to_others(cast, client):
    assert client.get("/desk/reports/").status_code == 302
    assert {client_of(cast.nora).get(url).status_code for url in ("/desk/reports/", "/desk/reports/money.csv", "/desk/day/")} == {404}
