"""The stored balance is the sum of the entries, whatever is posted concurrently, twice, or by a process that is killed."""

import importlib
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from billing.models import Balance, LedgerEntry
from billing.services import post
from partners.models import Partner

WRONG = """
SELECT partner_id, currency, kept.amount, posted.amount FROM billing_balance kept FULL JOIN (
  SELECT partner_id, currency, sum(amount) AS amount FROM billing_ledgerentry GROUP BY partner_id, currency
) posted USING (partner_id, currency)
WHERE kept.amount IS DISTINCT FROM posted.amount
"""


def wrong_balances():
    """Return the accounts whose balance is not the sum of their entries: [(partner, currency, kept, posted)]."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG)
        return cursor.fetchall()


def charge(partner, cause, amount, now, **more):
    """Post an entry: a fee in euros unless told otherwise."""
    values = {"fee": "fee", "title": "A fee", "currency": "EUR"} | more
    post(partner_id=partner.pk, amount=Decimal(amount), source=cause, at=now, **values)


def test_each_account_has_its_own_balance_and_duplicate_posts_count_once(cast, now, client):
    for cause, amount in (("ticket:1", "12.50"), ("ticket:1", "12.50"), ("ticket:2", "-2.25")):
        charge(cast.nord, cause, amount, now)
    values = {"fee": "fee", "title": "A fee", "currency": "EUR"}
    rows = ((cast.nord, 7), (cast.sud, 3))
    LedgerEntry.objects.bulk_create(LedgerEntry(partner=one, amount=amount, source=f"bulk:{one}", **values) for one, amount in rows)
    assert dict(Balance.objects.values_list("partner", "amount")) == {cast.nord.pk: Decimal("17.25"), cast.sud.pk: Decimal(3)}
    assert wrong_balances() == []
    client.force_login(cast.nora)
    assert "17.25 EUR" in client.get("/portal/account/").content.decode()
    assert client.get("/api/v1/account/").json()["balance"] == "17.25"
    seen = [(user, Balance.objects.visible_to(user)) for user in (cast.nora, cast.sara, cast.alba)]
    assert [rows.of_account(user.partner) for user, rows in seen] == [{"EUR": Decimal("17.25")}, {"EUR": 3}, {"GBP": 0}]


def test_balances_are_not_added_across_currencies(cast, now, client):
    """A credit for an invoice in dollars, and an account whose currency has changed since."""
    charge(cast.nord, "ticket:1", "50", now)
    charge(cast.nord, "ticket:2", "-80", now, currency="USD")
    assert wrong_balances() == []
    client.force_login(cast.nora)
    assert [stat["value"] for stat in client.get("/portal/account/").context["stats"]] == ["50.00 EUR", "80.00 USD"]
    dollars, euros = {"balance": "-80.00", "currency": "USD"}, {"balance": "50.00", "currency": "EUR"}
    assert client.get("/api/v1/account/").json() == {"partner": "NORD", **euros, "balances": [euros, dollars]}
    Partner.objects.filter(pk=cast.nord.pk).update(currency="GBP")
    pounds = {"balance": "0.00", "currency": "GBP"}
    assert client.get("/api/v1/account/").json() == {"partner": "NORD", **pounds, "balances": [pounds, euros, dollars]}
    charge(cast.nord, "ticket:3", "-50", now)
    assert client.get("/api/v1/account/").json()["balances"] == [pounds, dollars], "other balances are shown unless they are zero"


@pytest.mark.parametrize("table", ["billing_ledgerentry", "billing_balance"])
@pytest.mark.parametrize("word", ["UPDATE {} SET amount = 0", "DELETE FROM {}", "TRUNCATE {}"])
def test_database_refuses_changes_to_ledger_entries_and_balances(cast, now, table, word):
    charge(cast.nord, "ticket:1", "50", now)
    connection.check_constraints()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(word.format(table))
    assert wrong_balances() == [] and LedgerEntry.objects.get().amount == 50


@pytest.mark.django_db(transaction=True)
def test_balance_stays_correct_under_concurrent_failing_and_killed_posts(cast, now):
    partners = [cast.nord, cast.sud, cast.albion]

    def work(seed):
        chance = random.Random(seed)
        for turn in range(15):
            with suppress(RuntimeError, OperationalError), transaction.atomic():
                for partner in sorted(chance.sample(partners, 2), key=lambda one: one.pk):
                    # The same causes occur in several threads: only one of them posts.
                    cause, amount = f"ticket:{chance.randrange(40)}", chance.randrange(-500, 500)
                    charge(partner, cause, amount, now, fee=partner.code, currency=("EUR", "USD")[amount % 2])
                if turn % 5 == 3:
                    raise RuntimeError("the transaction fails")
                if turn == 7:
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert LedgerEntry.objects.count() > 20 and wrong_balances() == []


def test_migration_includes_entries_posted_before_balances_existed(cast, now):
    migration = importlib.import_module("billing.migrations.0007_balances_by_currency")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE billing_ledgerentry DISABLE TRIGGER balances_follow_the_ledger")
        charge(cast.nord, "ticket:1", "12.50", now)
        charge(cast.nord, "ticket:2", "-2.25", now)
        charge(cast.nord, "ticket:4", "7", now, currency="GBP")
        assert len(wrong_balances()) == 2
        connection.check_constraints()
        cursor.execute(migration.OPEN + migration.WAIT + migration.FOLLOW + migration.FILL + migration.GUARD)
        cursor.execute("ALTER TABLE billing_ledgerentry ENABLE TRIGGER balances_follow_the_ledger")
    charge(cast.nord, "ticket:3", "1", now)
    assert wrong_balances() == [] and Balance.objects.of_account(cast.nord) == {"EUR": Decimal("11.25"), "GBP": 7}


@pytest.mark.parametrize(
    ("amount", "written", "partner_reads", "agent_reads"),
    [
        ("1234.50", "1,234.50 EUR", "owed by you", "owed by Nord Telecom"),
        ("-5693.50", "5,693.50 EUR", "in your favour", "in favour of Nord Telecom"),
        ("0.00", "0.00 EUR", "", ""),
    ],
)
def test_balance_states_in_whose_favour_it_is(cast, now, client, amount, written, partner_reads, agent_reads):
    charge(cast.nord, "ticket:1", amount, now)
    for user, address, reads in ((cast.nora, "/portal/account/", partner_reads), (cast.agent, "/desk/accounts/NORD/", agent_reads)):
        client.force_login(user)
        shown = client.get(address).context
        stat = shown["stats"][0]
        assert (stat["value"], str(stat["note"])) == (written, reads)
        assert bool(shown["payment"]) == (user == cast.nora)  # payment details are shown to the payer


def test_ledger_entry_names_its_request_once(cast, now, client):
    post(partner_id=cast.nord.pk, fee="fee", title="A fee (#7)", amount=Decimal(5), currency="EUR", source="ticket:7", at=now)
    client.force_login(cast.nora)
    entry = client.get("/portal/account/").context["entries"][0]
    assert (entry["title"], entry["source_label"], entry["on"]) == ("A fee", "Request #7", now)
