"""What an import has checked is still so when it commits, whatever others do meanwhile (docs/decisions/0414)."""

import datetime
from functools import partial

import pytest
from django.db import transaction

from billing.bonus import post_bonus
from billing.models import LedgerEntry, MonthlyResult
from estate.problems import ImportRefused
from partners.models import EndUser
from tests.cases.facts import a_book
from tests.estate.conftest import import_texts
from tests.interleaving import meanwhile
from tests.tickets.actions import ask
from tickets.services import consents, execution, resellers

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "code,partner,reseller,name,country,email\n"
ROWS = {"new": "E-NEW,NORD,R-NORD,Mill,DE,\n", "changed": "E-BAKERY,NORD,R-NORD,Bakery GmbH,DE,\n"}


def loading(texts):
    """Return the import of these files as an operation."""
    return partial(import_texts, {name: head + rows for name, (head, rows) in texts.items()})


@pytest.fixture
def move(cast, now, monkeypatch):
    """The execution of a request that moves the reseller to another partner."""
    monkeypatch.setattr(execution, "PATIENCE", "30s")
    ticket = ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="ALBION", description="It changes with all customers.")
    for confirmation in ticket.confirmations.all():
        consents.decide(confirmation, "agreed", name="Somebody", at=now)
    execution.request_execution(ticket.pk, actor=cast.lead, at=now)
    return partial(execution.execute, ticket.pk, at=now)


def owners():
    """Return (partner of the end user, partner of its reseller) of all that have one."""
    return set(EndUser.objects.exclude(reseller=None).values_list("partner__code", "reseller__partner__code"))


@pytest.mark.parametrize("row", ROWS)
def test_end_users_whose_reseller_moves_meanwhile_are_not_imported(move, row):
    imported, _moved = meanwhile(loading({"end_users.csv": (HEAD, ROWS[row])}), "AS existing", move)
    assert isinstance(imported, ImportRefused)
    assert [str(problem) for problem in imported.problems] == [
        "end_users.csv, line 2, column reseller: R-NORD is a reseller of ALBION, not of NORD."
    ]
    assert owners() == {("ALBION", "ALBION"), ("SUD", "SUD")}


@pytest.mark.parametrize("row", ROWS)
def test_reseller_moves_with_end_users_that_are_being_imported(move, row):
    moved, imported = meanwhile(move, 'UPDATE "partners_reseller"', loading({"end_users.csv": (HEAD, ROWS[row])}))
    assert not moved and isinstance(imported, ImportRefused)
    assert owners() == {("ALBION", "ALBION"), ("SUD", "SUD")}


def test_reseller_that_gets_an_end_user_while_an_import_moves_it(cast, now):
    files = {
        "resellers.csv": ("code,partner,name,email\n", "R-NORD,ALBION,Kiel IT,\n"),
        "end_users.csv": (HEAD, "E-BAKERY,ALBION,R-NORD,Bakery,DE,\n"),
    }
    mill = EndUser.objects.create(code="E-MILL", partner=cast.nord, name="Mill", country="DE")
    place = partial(resellers.place, mill.pk, cast.north_reseller, actor=cast.nora, at=now)
    imported, placed = meanwhile(loading(files), "AS existing", place)
    assert isinstance(imported, ImportRefused) and placed == mill
    assert owners() == {("NORD", "NORD"), ("SUD", "SUD")}


@pytest.mark.parametrize("begins", ["import", "posting"])
def test_result_is_not_changed_while_its_bonus_is_posted(cast, now, begins):
    MonthlyResult.objects.create(partner=cast.nord, month=datetime.date(2022, 3, 1), result="10000")
    load = loading({"bonus_results.csv": ("partner,month,result\n", "NORD,2022-03,1\n")})
    post = partial(post_bonus, cast.nord.pk, book=a_book(datetime.date(2024, 1, 1)), at=now)
    if begins == "import":
        imported, posted = meanwhile(load, "AS existing", post)
    else:
        posted, imported = meanwhile(post, 'INSERT INTO "billing_ledgerentry"', load)
    assert (posted, LedgerEntry.objects.count(), MonthlyResult.objects.get().result) == (1, 1, 10000)
    assert isinstance(imported, ImportRefused)


def test_nothing_is_posted_while_a_result_is_being_imported(cast, now):
    MonthlyResult.objects.create(partner=cast.nord, month=datetime.date(2022, 3, 1), result="10000")
    post = transaction.atomic(partial(post_bonus, cast.nord.pk, book=a_book(datetime.date(2024, 1, 1)), at=now))
    load = loading({"bonus_results.csv": ("partner,month,result\n", "NORD,2022-03,1\n")})
    imported, posted = meanwhile(load, "SQL('UPDATE ')", post)
    assert (imported[0].changed, posted, LedgerEntry.objects.count(), MonthlyResult.objects.get().result) == (1, 0, 0, 1)
