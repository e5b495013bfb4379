"""BIL-7, the bonus increase: credits and withdrawals are posted once, and are based on results that stay."""

import datetime
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.urls import reverse

from billing import bonus
from billing.bonus import post_bonus
from billing.models import Balance, BonusTerms, LedgerEntry, MonthlyResult
from billing.tasks import post_bonuses
from estate.importer import import_files
from estate.problems import ImportRefused
from partners.models import Partner
from tests.cases.facts import a_book

LATER = datetime.date(2024, 1, 1)


def a_month(text):
    return datetime.date.fromisoformat(f"{text}-01")


def ledger():
    return [(e.fee, str(e.amount)) for e in LedgerEntry.objects.order_by("fee")]


def results(partner, **months):
    for month, result in months.items():
        MonthlyResult.objects.create(partner=partner, month=a_month(month[1:].replace("_", "-")), result=result)


def test_credits_and_their_withdrawal_are_posted_once(cast, client, now):
    BonusTerms.objects.create(partner=cast.nord, target="1000", rate="10")
    results(cast.nord, m2022_03="1000", m2022_04="2000")
    for _again in range(2):
        post_bonuses()
    assert ledger() == [("bonus.credit:2022-03", "-100.00"), ("bonus.credit:2022-04", "-200.00")]
    client.force_login(cast.nora)
    assert "The target was reached in March 2022. The increase is kept as long as" in client.get(reverse("portal:account")).content.decode()
    results(cast.nord, m2023_01="999.99", m2022_02="1500")
    for _again in range(2):
        post_bonuses()
    withdrawn = [("bonus.withdrawal:2022-03", "100.00"), ("bonus.withdrawal:2022-04", "200.00")]
    # February came too late to be credited: the increase had been lost by then.
    assert ledger() == [("bonus.credit:2022-03", "-100.00"), ("bonus.credit:2022-04", "-200.00"), *withdrawn]
    titles = [("credit_note", f"Bonus increase for {month} 2022") for month in ("March", "April")]
    titles += [("reversal", f"Bonus increase for {month} 2022 withdrawn") for month in ("March", "April")]
    assert list(LedgerEntry.objects.order_by("pk").values_list("kind", "title")) == titles
    assert list(bonus.partners_due(book=a_book(LATER), today=LATER)) == []
    due = (LedgerEntry.objects.latest("pk").created_at + datetime.timedelta(days=30)).strftime("%-d %B %Y")
    for user, page in ((cast.nora, reverse("portal:account")), (cast.agent, reverse("desk:account", args=["NORD"]))):
        client.force_login(user)
        text = client.get(page).content.decode()
        assert f"300.00 EUR is payable by {due}." in text and "The result for January 2023 was below the target" in text
    client.force_login(cast.sara)
    assert "BIL-7" not in client.get(reverse("portal:account")).content.decode()


def test_account_shows_the_state_of_each_month(cast, sign_in):
    def shown():
        rows = sign_in(cast.nora).get(reverse("portal:account")).context["bonus"]["rows"]
        return [(str(row["state"]["text"]), row["credit"], row["withdrawn_at"] is not None) for row in rows]

    BonusTerms.objects.create(partner=cast.nord, target="1000", rate="10")
    results(cast.nord, m2022_02="999.99", m2022_03="1000", m2022_04="2000", m2022_05="0")
    below, dropped = ("Target not reached", 0, False), ("Below the target", 0, False)
    assert shown() == [below, *[("Withdrawn", 0, False)] * 2, dropped], "nothing has been credited"
    MonthlyResult.objects.filter(result=0).delete()
    assert shown() == [below, ("To be credited shortly", 100, False), ("To be credited shortly", 200, False)]
    post_bonuses()
    assert shown() == [below, ("Credited", 100, False), ("Credited", 200, False)]
    results(cast.nord, m2022_05="0", m2022_06="5000")
    post_bonuses()
    assert shown() == [below, ("Withdrawn", 100, True), ("Withdrawn", 200, True), dropped, ("Increase already ended", 0, False)]


@pytest.mark.parametrize(
    ("day", "last_result", "told"),
    [
        (datetime.date(2023, 3, 31), "2023-03", "is kept as long as no month until 31 March 2023 falls below"),
        (datetime.date(2023, 4, 1), "2023-02", "is kept as long as"),  # the result of March is not known yet
        (datetime.date(2023, 4, 1), "2023-03", "no month until 31 March 2023 fell below it, so the increase is kept"),
    ],
)
def test_increase_is_kept_once_the_last_watched_result_is_known(cast, day, last_result, told):
    BonusTerms.objects.create(partner=cast.nord, target="1000", rate="10")
    results(cast.nord, m2022_02="999.99", m2022_03="1000")
    MonthlyResult.objects.create(partner=cast.nord, month=a_month(last_result), result="1000")
    summary = bonus.bonus_of(cast.nord, book=a_book(day), today=day)["summary"]
    assert "The target was reached in March 2022" in summary and told in summary


SECOND_PROGRAMME = [
    {"code": f"bonus.{code}", "from": datetime.date(2024, 1, 1), "value": day}
    for code, day in {"programme_starts_on": "2024-01-01", "last_credit_on": "2024-12-31", "watched_until": "2025-03-31"}.items()
]


def test_summary_is_about_the_latest_programme(cast, now):
    def judged():
        post_bonus(cast.nord.pk, book=book, at=now)
        return bonus.bonus_of(cast.nord, book=book, today=book.on)["summary"]

    book = a_book(now.date(), SECOND_PROGRAMME)
    BonusTerms.objects.create(partner=cast.nord, target="1000", rate="10")
    results(cast.nord, m2022_03="1000")
    judged()
    results(cast.nord, m2022_04="1")
    assert "The result for April 2022 was below" in (told := judged()) and "100.00 EUR is payable by" in told
    results(cast.nord, m2024_01="1")
    assert judged().startswith("The target has not been reached yet.")
    results(cast.nord, m2024_02="5000")
    assert "The target was reached in February 2024." in judged()
    results(cast.nord, m2024_03="1")
    assert "The result for March 2024 was below" in (told := judged()) and "500.00 EUR is payable by" in told


def test_results_behind_a_withdrawal_are_final(cast):
    def final():
        return [bonus.is_final(result) for result in MonthlyResult.objects.order_by("month")]

    BonusTerms.objects.create(partner=cast.nord, target="1000", rate="10")
    results(cast.nord, m2022_02="999.99", m2022_03="1000")
    post_bonuses()
    assert final() == [False, True]
    results(cast.nord, m2022_04="1")
    post_bonuses()
    assert final() == [True, True, True]


def test_raised_target_withdraws_credited_increases(cast, admin, sign_in):
    terms = BonusTerms.objects.create(partner=cast.nord, target="1000", rate="10")
    results(cast.nord, m2022_03="1000", m2022_04="1200")
    post_bonuses()
    assert ledger() == [("bonus.credit:2022-03", "-100.00"), ("bonus.credit:2022-04", "-120.00")]
    page = sign_in(admin).get(reverse("admin:billing_bonusterms_change", args=[terms.pk])).content.decode()
    assert "raising it can withdraw increases that have been credited" in page
    BonusTerms.objects.update(target="1500")
    post_bonuses()
    assert ledger()[2:] == [("bonus.withdrawal:2022-03", "100.00"), ("bonus.withdrawal:2022-04", "120.00")]


def test_rate_of_zero_announces_no_credit(cast, sign_in):
    BonusTerms.objects.create(partner=cast.nord, target="1000", rate="0")
    results(cast.nord, m2022_03="1000")
    post_bonuses()
    assert ledger() == [] and "To be credited shortly" not in sign_in(cast.nora).get(reverse("portal:account")).content.decode()


def test_each_partner_is_credited_by_its_own_terms(cast, monkeypatch):
    """Also in the second batch of partners."""
    monkeypatch.setattr(bonus, "SLICE", 1)
    for partner, rate in ((cast.nord, 10), (cast.sud, 20), (cast.albion, 30)):
        BonusTerms.objects.create(partner=partner, target="1000", rate=rate)
        results(partner, m2022_03="1000", m2022_04="1000")

    def due():
        return list(bonus.partners_due(book=a_book(LATER), today=LATER))

    assert due() == sorted([cast.nord.pk, cast.sud.pk, cast.albion.pk])
    post_bonuses()
    credited = LedgerEntry.objects.filter(fee="bonus.credit:2022-04").values_list("partner__code", "amount")
    assert dict(credited) == {"NORD": -100, cast.sud.code: -200, cast.albion.code: -300}
    assert due() == []


@pytest.fixture
def moved_to_pounds(cast):
    """The partner was credited 100 EUR, and has paid in pounds since."""
    BonusTerms.objects.create(partner=cast.nord, target="1000", rate="10")
    results(cast.nord, m2022_03="1000")
    post_bonuses()
    Partner.objects.filter(pk=cast.nord.pk).update(currency="GBP")


@pytest.mark.usefixtures("moved_to_pounds")
def test_credit_is_withdrawn_in_its_original_currency(cast):
    results(cast.nord, m2022_04="1")
    post_bonuses()
    assert list(LedgerEntry.objects.order_by("fee").values_list("currency", flat=True)) == ["EUR", "EUR"]
    assert set(Balance.objects.of_account(cast.nord).values()) == {0}


@pytest.mark.usefixtures("moved_to_pounds")
def test_account_shows_credits_in_the_currencies_of_their_entries(cast, client):
    results(cast.nord, m2022_04="2000")
    post_bonuses()
    client.force_login(cast.nora)
    rows = client.get(reverse("portal:account")).context["bonus"]["rows"]
    assert sorted((row["credit"], row["credit_currency"]) for row in rows) == [(100, "EUR"), (200, "GBP")]
    results(cast.nord, m2022_05="1")
    post_bonuses()
    assert "100.00 EUR and 200.00 GBP is payable by" in client.get(reverse("portal:account")).text


class Killed(Exception):
    pass


def test_killed_run_leaves_nothing_and_the_next_one_posts_it(cast, now):
    results(cast.nord, m2022_03="10000", m2022_04="10000")
    with pytest.raises(Killed), transaction.atomic():
        assert post_bonus(cast.nord.pk, book=a_book(LATER), at=now) == 2
        raise Killed
    assert ledger() == []
    assert [post_bonus(cast.nord.pk, book=a_book(LATER), at=now) for _again in range(2)] == [2, 0]


@pytest.mark.django_db(transaction=True)
def test_concurrent_runs_post_once(now):
    partner = Partner.objects.create(code="P1", name="Nord", country="DE", region="EU", currency="EUR")
    results(partner, m2022_03="10000", m2022_04="10000", m2022_05="10000")

    def run(_number):
        try:
            return post_bonus(partner.pk, book=a_book(LATER), at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(run, range(4))) == [0, 0, 0, 3]
    assert len(ledger()) == 3


def test_imported_results_are_fixed_once_posted(cast, client, now):
    def load(*rows):
        text = "partner,month,result\n" + "".join(f"{row}\n" for row in rows)
        return import_files({"bonus_results.csv": io.BytesIO(text.encode())}, today=now.date())

    assert load("NORD,2022-03,9000", "SUD,2022-03,1")[0].created == 2
    assert load("NORD,2022-03,10000")[0].changed == 1
    post_bonuses()
    assert load("NORD,2022-03,10000.00", "SUD,2022-03,2")[0].changed == 1
    with pytest.raises(ImportRefused) as refusal:
        load("NORD,2022-03,10001", "SUD,2022-13,2")
    assert [(p.line, p.column) for p in refusal.value.problems] == [(2, "result"), (3, "month")]
    client.force_login(cast.admin)
    nord, sud = MonthlyResult.objects.get(partner=cast.nord), MonthlyResult.objects.get(partner=cast.sud)
    changes = [
        client.post(reverse("admin:billing_monthlyresult_change", args=[r.pk]), {"result": "20000"}).status_code for r in (nord, sud)
    ]
    assert changes == [403, 302]
    client.post(reverse("admin:billing_monthlyresult_changelist"), {"action": "post_now", "_selected_action": [sud.pk]})
    assert LedgerEntry.objects.get(partner=cast.sud).amount == -1000
