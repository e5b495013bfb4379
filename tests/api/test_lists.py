"""Lists: whose rows, by which filters, in which order, in which pages, at what cost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import Invoice, InvoiceLine
from billing.services import post
from classound.models import Did
from classound.numbers import grouped
from hwaas.models import Device, Order
from partners.models import EndUser, Reseller
from pbx import filtering
from tests.cast import make_device, make_did, make_pbx
from tickets.models import Ticket


@pytest.fixture
def papers(cast, now):
    """An order, an invoice and an entry for each of Nord and Sud."""
    for partner in (cast.nord, cast.sud):
        Order.objects.create(number=f"O-{partner.code}/1", partner=partner, placed_on=cast.today, country="DE")
        invoice = Invoice.objects.create(number=f"I-{partner.code}/1", partner=partner, issued_on=cast.today, currency="EUR")
        InvoiceLine.objects.create(invoice=invoice, line=1, description="Numbers", quantity=2, unit_price="1.50")
        post(partner_id=partner.pk, fee="fee.x", title="X", amount="10.00", currency="EUR", source=f"test:{partner.code}", at=now)


def keys(answer, name):
    assert answer.status_code == 200, answer.content
    return [row[name] for row in answer.json()["results"]]


LISTS = [
    ("dids/", "number", "+390801234567"),
    ("devices/", "serial", "SN-WINERY"),
    ("pbxs/", "serial", "PBX-WINERY"),
    ("end-users/", "code", "E-WINERY"),
    ("resellers/", "code", "R-SUD"),
    ("orders/", "number", "O-SUD/1"),
    ("invoices/", "number", "I-SUD/1"),
]


def test_partners_see_only_their_estate_and_staff_see_all(cast, papers, nord, sud, staff, subtests):
    for path, name, of_sud in LISTS:
        with subtests.test(path):
            assert keys(sud.get(path), name) == [of_sud]
            assert of_sud not in keys(nord.get(path), name) and nord.get(path).json()["results"]
            assert of_sud in keys(staff.get(path), name)
            assert sud.get(f"{path}{of_sud}/").json()[name] == of_sud
            assert nord.get(f"{path}{of_sud}/").status_code == 404
            assert staff.get(f"{path}{of_sud}/").status_code == 200


@pytest.mark.parametrize("most", [0, 200])
def test_lists_are_the_same_for_few_and_many_pbxs(cast, papers, nord, staff, monkeypatch, most):
    monkeypatch.setattr(filtering, "MOST", most)
    assert keys(nord.get("dids/"), "number") == sorted(Did.objects.of_partner(cast.nord).values_list("number", flat=True))
    assert keys(nord.get("devices/"), "serial") == sorted(Device.objects.of_partner(cast.nord).values_list("serial", flat=True))
    assert len(keys(staff.get("dids/"), "number")) == Did.objects.count()


def test_naming_another_partner_shows_nothing(cast, papers, sud, ticket):
    for path in ("dids/", "devices/", "pbxs/", "end-users/", "orders/", "invoices/", "tickets/", "account/entries/"):
        assert sud.get(path, partner="NORD").json()["results"] == [], path


def test_lists_without_a_token_are_401(client, db):
    for path in ["tickets/", "account/", "account/entries/", "ticket-types/", "policies/", "rules/", *(path for path, _, _ in LISTS)]:
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Token", path
        assert answer["Content-Type"] == "application/problem+json" and answer.json()["status"] == 401


def test_details_contain_the_expected_values(cast, papers, nord):
    did = nord.get("dids/+498981000400/").json()
    assert (did["pbx"], did["end_user"], did["partner"], did["monthly_price"]) == ("PBX-FREE", "E-BAKERY", "NORD", "1.50")
    assert nord.get("pbxs/PBX-COMMITTED/").json()["commitments"][0]["years"] == 3
    assert nord.get("invoices/I-NORD/1/").json()["total"] == "3.00"
    assert nord.get("devices/SN-SERVICE/").json()["ownership"] == "hwaas"
    assert nord.get("orders/O-NORD/1/").json()["cancelled_on"] is None


FILTERS = [
    ("dids/", {"number": "+4989810004"}, ["+498981000400", "+498981000401", "+498981000402", "+498981000403"]),
    ("dids/", {"number": "+498981000507"}, ["+49898100050X"]),
    ("dids/", {"number": "49 89 8100 0507"}, ["+49898100050X"]),
    ("dids/", {"number": "+49898100050X"}, ["+49898100050X"]),
    ("dids/", {"number": "+44"}, []),
    ("dids/", {"status": "ordered"}, ["+498981000403"]),
    ("dids/", {"kind": "ported"}, ["+498981000403"]),
    ("dids/", {"pbx": "PBX-COMMITTED"}, ["+498981000402"]),
    ("dids/", {"end_user": "E-BAKERY", "country": "IT"}, []),
    ("devices/", {"ownership": "hwaas"}, ["SN-SERVICE"]),
    ("devices/", {"serial": "SN-S"}, ["SN-SCARCE", "SN-SERVICE"]),
    ("devices/", {"item": "DECT", "state": "in_use"}, ["SN-SCARCE"]),
    ("pbxs/", {"serial": "pbx-c"}, ["PBX-COMMITTED"]),
    ("orders/", {"placed_after": "2026-11-19"}, []),
    ("orders/", {"dispatched": "false"}, ["O-NORD/1"]),
    ("orders/", {"dispatched": "true"}, []),
    ("invoices/", {"issued_before": "2026-11-19"}, ["I-NORD/1"]),
    ("end-users/", {"name": "bak"}, ["E-BAKERY"]),
]


def test_estate_filters(cast, papers, nord, subtests):
    for path, query, found in FILTERS:
        with subtests.test(f"{path}{query}"):
            key = {"devices/": "serial", "pbxs/": "serial", "end-users/": "code"}.get(path, "number")
            assert sorted(keys(nord.get(path, **query), key)) == found


def test_ticket_filters_and_search(cast, nord, staff, ticket, porting):
    paid = nord.post(
        "tickets/", {"type": "porting_date_change", "fields": porting | {"message": "Our zebra moves."}, "accepted_charges": "50"}
    )
    other = paid.json()["number"]
    staff.post(f"tickets/{other}/assign/", {"assignee": "agent@care.example"})

    def found(**query):
        return sorted(keys(staff.get("tickets/", **query), "number"))

    assert found() == [ticket, other]
    assert found(type="did_cancel") == [ticket]
    assert found(q="zebras") == [other] and found(q=f"#{ticket}") == [ticket] and found(q="zebra -moves") == []
    for number in (cast.did.number, cast.did.number.removeprefix("+"), "0049 89 8100-0400", "089 81000400", grouped(cast.did.number)):
        assert ticket in found(q=number), number
    assert ticket not in found(q="+49898100040") and ticket not in found(q="498981000401")
    assert found(assignee="me") == found(assignee="agent@care.example") == [other]
    assert found(assignee="nobody") == [ticket]
    assert keys(nord.get("tickets/", assignee="agent@care.example"), "number") == [], "no address of the care team is confirmed"
    assert found(partner="NORD") == [ticket, other] and found(partner="SUD") == []
    with CaptureQueriesContext(connection) as asked:
        assert found(assignee="stranger@care.example") == [] == found(partner="NOBODY")
    assert not any("tickets_ticket" in query["sql"] for query in asked)  # no ticket is searched for an unknown person
    assert found(status=["new", "open"]) == [ticket, other] and found(status="solved") == []
    assert found(created_after="2026-11-18") == [ticket, other] and found(created_after="2026-11-18T10:00:01Z") == []
    assert found(created_before="2026-11-18") == []
    # 10:00 UTC, in a time zone that PostgreSQL does not have.
    assert found(created_after="2026-11-19T05:43:00+19:43") == [ticket, other] and found(created_after="2026-11-19T05:43:01+19:43") == []
    assert found(topic="CLASSOUND", outcome="executed") == []


def test_invalid_filter_value_lists_valid_ones(staff):
    def told(name, value):
        return staff.get("tickets/", **{name: value}).json()["errors"][name][0]

    assert "new, open, pending" in told("status", "done") and "did_cancel" in told("type", "cancel")
    for moment in ("01/02/2027", "9999-12-31T23:59-23:00"):
        assert "2027-03-01T09:00:00Z" in told("created_after", moment)


def test_single_value_filter_given_twice_is_400(staff, nord):
    """All but the last would be ignored."""
    for caller, path, name, values in (
        (staff, "tickets/", "type", ["did_cancel", "rma"]),
        (staff, "dids/", "status", ["active", "ordered"]),
        (nord, "account/", "partner", ["SUD", "NORD"]),
    ):
        answer = caller.get(path, **{name: values})
        assert answer.status_code == 400 and "once" in answer.json()["errors"][name][0]


def test_largest_invoice_amounts_are_exact(cast, papers, nord):
    InvoiceLine.objects.update(quantity="9999999999.99", unit_price="9999999999.99")
    [invoice] = nord.get("invoices/").json()["results"]
    assert invoice["total"] == invoice["lines"][0]["amount"] == "99999999999800000000.00"


def test_keys_with_reserved_url_characters_work(cast, nord):
    EndUser.objects.filter(partner=cast.nord).update(code="E?1/ü #2")
    assert nord.get("end-users/E%3F1%2F%C3%BC%20%232/").json()["code"] == "E?1/ü #2"


def test_keyset_paging_lists_each_row_once_despite_equal_times(cast, nord, now):
    Ticket.objects.bulk_create(
        Ticket(type_code="did_cancel", partner=cast.nord, requester=cast.nora, policy_on=cast.today, created_at=now, updated_at=now)
        for _ in range(7)
    )
    expected = sorted(Ticket.objects.values_list("pk", flat=True))
    for ordering, numbers in (("-updated_at", expected[::-1]), ("created_at", expected)):
        page, seen = nord.get("tickets/", page_size=3, ordering=ordering).json(), []
        assert page["previous"] is None
        while True:
            seen.append([row["number"] for row in page["results"]])
            if not page["next"]:
                break
            page = nord.client.get(page["next"], headers=nord.headers).json()
        assert [len(rows) for rows in seen] == [3, 3, 1] and [number for rows in seen for number in rows] == numbers
        page = nord.client.get(page["previous"], headers=nord.headers).json()
        assert [row["number"] for row in page["results"]] == seen[1]
    last = nord.get("tickets/", page_size=3, before="").json()  # from the end: nothing follows
    assert [row["number"] for row in last["results"]] == expected[2::-1] and last["previous"] and last["next"] is None


def test_cursor_of_another_list_is_400(cast, nord, papers):
    cursor = nord.get("dids/", page_size=1).json()["next"].partition("after=")[2].partition("&")[0].replace("%3A", ":")
    answer = nord.get("tickets/", after=cursor)
    assert answer.status_code == 400 and "after" in answer.json()["errors"]


def test_account_is_the_callers_and_staff_name_the_partner(cast, papers, nord, staff):
    balance = {"balance": "10.00", "currency": "EUR"}
    assert nord.get("account/").json() == {"partner": "NORD", **balance, "balances": [balance]}
    assert nord.get("account/", partner="NORD").status_code == 200
    assert nord.get("account/", partner="SUD").status_code == 404
    assert staff.get("account/").status_code == nord.get("account/", partner="").status_code == 400
    assert staff.get("account/", partner="SUD").json()["partner"] == "SUD"
    assert staff.get("account/", partner="NOBODY").status_code == staff.get("account/", partner="\x00").status_code == 404
    assert set(nord.get("account/entries/").json()["results"][0]) == {
        "id",
        "partner",
        "kind",
        "fee",
        "title",
        "amount",
        "currency",
        "ticket",
        "created_at",
    }
    assert sorted(entry["partner"] for entry in staff.get("account/entries/").json()["results"]) == ["NORD", "SUD"]
    assert len(staff.get("account/entries/", partner="SUD").json()["results"]) == 1


def test_entries_are_filtered_by_ticket(cast, now, nord, sud):
    for number in (10001, 10002):
        post(partner_id=cast.nord.pk, fee="fee.x", title="X", amount="1.00", currency="EUR", source=f"ticket:{number}", at=now)
    assert keys(nord.get("account/entries/", ticket="10002"), "ticket") == [10002]
    assert keys(sud.get("account/entries/", ticket="10002"), "ticket") == []


def more_rows(cast, papers, number):
    """Add two more rows to every list."""
    for n in range(2):
        end_user = EndUser.objects.create(code=f"E-{n}", partner=cast.nord, reseller=cast.north_reseller, name=f"End user {n}")
        pbx = make_pbx(f"PBX-{n}", end_user, cast.today)
        make_did(f"+4940900000{n}", pbx)
        make_device(f"SN-{n}", cast.item, pbx)
        Reseller.objects.create(code=f"R-{n}", partner=cast.nord, name=f"Reseller {n}")
        Order.objects.create(number=f"O-{n}", partner=cast.nord, placed_on=cast.today)
        invoice = Invoice.objects.create(number=f"I-{n}", partner=cast.nord, issued_on=cast.today, currency="EUR")
        InvoiceLine.objects.create(invoice=invoice, line=1, description="Numbers", quantity=2, unit_price="1.50")
        post(partner_id=cast.nord.pk, fee="fee.x", title="X", amount="1", currency="EUR", source=f"ticket:{n}", at=timezone.now())
    ticket = Ticket.objects.get(pk=number)
    for n in range(2):
        ticket.pk, ticket.created_at, ticket.submission_key = None, ticket.created_at + datetime.timedelta(hours=n), None
        ticket.save()


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("tickets/", 2),
        ("dids/", 5),
        ("devices/", 3),
        ("pbxs/", 6),
        ("end-users/", 2),
        ("resellers/", 2),
        ("orders/", 2),
        ("invoices/", 3),
        ("account/entries/", 2),
    ],
)
def test_list_query_count_is_independent_of_rows(cast, papers, ticket, nord, django_assert_num_queries, path, queries):
    with django_assert_num_queries(queries):
        few = nord.get(path, page_size=1).json()["results"]
    more_rows(cast, papers, ticket)
    with django_assert_num_queries(queries):
        many = nord.get(path, page_size=3).json()["results"]
    assert len(few) == 1 and len(many) == 3


def test_ticket_query_count_is_independent_of_events(nord, staff, ticket, django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(4):
            nord.get(f"tickets/{ticket}/")
        for _n in range(3):
            staff.post(f"tickets/{ticket}/messages/", {"body": "We are at it."})
