"""BIL-9: a month's usage by user, as a page and as an e-mail to the team, sent once; what is shown with a number (DID-13)."""

import datetime

import pytest
from django.urls import reverse

from classound.models import Call, Did
from partners.models import CompanyEvent, Partner, User
from tests.tickets.actions import send_mails, set_policy
from tickets.models import Mail
from tickets.services import outbox
from tickets.services.usage_reports import tell_usage

THIRD = datetime.datetime(2026, 11, 3, tzinfo=datetime.UTC)  # usage.report_after is initially 2 days
CALLS = (  # user, direction, when, seconds, price
    ("Jana", "out", "2026-10-01T00:00:00Z", 90, "0.0300"),
    ("Jana", "in", "2026-10-31T23:59:59Z", 30, None),
    ("", "out", "2026-10-02T00:00:00Z", 660, "1.2000"),
    ("Jana", "out", "2026-11-01T00:00:00Z", 6000, "9.0000"),
)


@pytest.fixture
def calls(cast):
    for number, (user, direction, at, seconds, price) in enumerate(CALLS):
        Call.objects.create(call_id=number, did=cast.did, user=user, direction=direction, started_at=at, seconds=seconds, price=price)


def assert_reports_sent(number, **at):
    tell_usage(at=THIRD.replace(**at))
    assert Mail.objects.filter(kind="usage_report").count() == number


def test_usage_page_counts_the_calls_of_a_month_by_user(cast, client, calls):
    address = reverse("usage_page", args=["NORD", "2026-10"])
    for person in (cast.nora, cast.agent):
        client.force_login(person)
        page = client.get(address).context
        rows = [(row.user, row.outgoing, row.incoming, row.minutes, f"{row.price:.2f}") for row in (*page["users"], page["whole"])]
        assert rows == [("", 1, 0, 11, "1.20"), ("Jana", 1, 1, 2, "0.03"), ("", 2, 1, 13, "1.23")]
    client.force_login(cast.sara)
    assert client.get(address).status_code == 404
    assert client.get(reverse("usage_page", args=["SUD", "2026-13"])).status_code == 404


@pytest.mark.parametrize(("lag", "due"), [("30 days", "2026-12-01"), ("1 month", "2026-12-01"), ("9 weeks", "2027-01-03")])
def test_report_that_is_due_after_the_end_of_another_month_is_emailed_on_its_day(cast, calls, lag, due):
    set_policy("usage.report_after", lag, datetime.date(2026, 11, 1), cast.admin)
    day = datetime.datetime.fromisoformat(due + "T00:00:00+00:00")
    tell_usage(at=day - datetime.timedelta(seconds=1))
    assert not Mail.objects.filter(kind="usage_report").exists()
    tell_usage(at=day)
    assert Mail.objects.get(kind="usage_report").data["month"] == "2026-10-01"


def test_report_is_emailed_once_to_each_team_member(cast, calls, mailoutbox):
    assert_reports_sent(0, day=2)
    assert_reports_sent(1)
    assert_reports_sent(1, hour=5)
    User.objects.create_user("late@nord.example", "correct horse battery", partner=cast.nord)
    assert_reports_sent(1, day=5)
    send_mails(THIRD)
    (mail,) = mailoutbox
    assert mail.to == [cast.nora.email] and mail.subject == "CLASSOUND usage in October 2026"
    told = (
        "2 outgoing, 1 incoming, 13.0 minutes, 1.23 EUR",
        "- Jana: 1 outgoing, 1 incoming, 2.0 minutes, 0.03 EUR",
        "/usage/NORD/2026-10/",
    )
    assert all(words in mail.body for words in told)
    assert mail.extra_headers["List-Unsubscribe"].endswith("/portal/account/>"), "where it is switched off"
    assert_reports_sent(3, month=12)


def test_request_email_is_sent_before_thousands_of_reports(cast, calls):
    assert_reports_sent(1)
    Mail.objects.create(key="later", kind="porting_reminder", to=cast.sara.email, created_at=THIRD + datetime.timedelta(seconds=1))
    soon = THIRD + datetime.timedelta(minutes=1)
    assert [Mail.objects.get(pk=pk).kind for pk in outbox.pending_deliveries(at=soon)[1]] == ["porting_reminder", "usage_report"]


def test_many_partners_are_notified_with_few_queries(cast, calls, django_assert_max_num_queries):
    Call.objects.create(call_id="S", did=cast.winery_did, direction="out", started_at=THIRD - datetime.timedelta(days=9), seconds=1)
    with django_assert_max_num_queries(9):
        assert_reports_sent(2)


def test_late_imported_calls_are_reported_once_they_arrive(cast, mailoutbox):
    assert_reports_sent(0)
    Call.objects.create(call_id="K", did=cast.did, direction="out", started_at=THIRD - datetime.timedelta(days=9), seconds=1)
    assert_reports_sent(1, day=4)


def test_migration_code_is_shown_with_its_number(cast, client):
    """DID-13: nobody has to ask for what is known."""
    client.force_login(cast.nora)
    Did.objects.filter(pk=cast.did.pk).update(migration_code="MC-7")
    rows = client.get("/portal/numbers/").context["rows"]
    assert [row["sub"] for row in rows if row["sub"]] == ["Migration code MC-7"]
    table = b"".join(client.get("/portal/numbers.csv")).decode()
    assert table.splitlines()[0].endswith("migration_code") and "MC-7" in table


def test_partner_switches_usage_reports_off_and_on(cast, client, calls):
    client.force_login(cast.nora)
    address = reverse("usage_reports", args=["NORD"])
    assert client.get(address).status_code == 405
    assert client.post(address, {"on": "no"}).url == "/portal/account/#h-usage"
    assert_reports_sent(0)
    assert b"We do not e-mail a monthly report to the team." in client.get("/portal/account/").content
    client.post(address, {"on": "no"})
    client.force_login(cast.agent)
    assert client.post(address, {"on": "yes"}).url == "/desk/accounts/NORD/#h-usage"
    assert_reports_sent(1)
    assert [str(event) for event in CompanyEvent.objects.all()] == ["Switched usage reports on", "Switched usage reports off"]
    client.force_login(cast.sara)
    assert client.post(address, {"on": "no"}).status_code == 404
    assert Partner.objects.get(code="NORD").usage_reports
