"""A porting date is changed: the carrier confirms it, confirms another day, or refuses (DID-5, DID-6)."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from billing.models import LedgerEntry
from classound.models import Did
from classound.numbers import grouped
from desk.services import rehearsal
from policies.models import PolicyValue
from policies.wording import day_in_full
from tests.tickets.actions import ask, carry_out, open_codes, set_policy, take
from tickets import mails
from tickets.models import Mail
from tickets.services import conversation, execution, status, submission

WANTED = datetime.date(2027, 1, 12)  # a possible new date, a Tuesday
SCENES = {"sent": lambda cast, now: carry_out(move(cast, now, WANTED), cast.agent, now)}


@pytest.fixture
def sent(cast):
    """A request that is with the carrier."""
    return cast.sent


def move(cast, now, day, accepted="50", **more):
    return ask(
        cast.nora,
        "porting_date_change",
        now,
        accepted=accepted,
        did=cast.porting.number,
        requested_date=day.isoformat(),
        acknowledge_not_guaranteed="on",
        **more,
    )


def test_carrier_may_confirm_another_date(cast, now, sent):
    take(sent, "carrier_outcome", cast.agent, now, outcome="confirmed", confirmed_date="2027-01-20")
    cast.porting.refresh_from_db()
    assert (cast.porting.porting_date, sent.outcome) == (datetime.date(2027, 1, 20), "executed")
    assert Did.objects.get(porting_date="2027-01-20") == cast.porting, "other numbers keep their dates"
    assert "different date from 12 January 2027" in sent.events.get(kind="step").body


def test_carrier_refusal_keeps_date_and_fee_and_shows_as_declined(cast, now, sent, client):
    before = cast.porting.porting_date
    take(sent, "carrier_outcome", cast.agent, now, outcome="refused")
    cast.porting.refresh_from_db()
    assert (cast.porting.porting_date, cast.porting.porting_confirmed, sent.outcome) == (before, True, "declined")
    assert [(e.fee, e.amount) for e in LedgerEntry.objects.all()] == [("fee.porting_date_change", 50)]
    mail = mails.compose(Mail.objects.filter(ticket=sent).latest("pk"), at=now)
    assert mail.subject.startswith(f"Careline #{sent.pk} was declined: ")
    client.force_login(cast.nora)
    head = client.get(f"/portal/requests/{sent.pk}/").content.decode().partition("req-steps")[0]
    assert "Declined" in head and "The carrier did not accept" in head and "Done" not in head.partition("<main")[2]
    client.force_login(cast.agent)
    for page in (f"/desk/{sent.pk}/", "/desk/?view=all", f"/desk/{sent.pk}/preview/"):
        shown = client.get(page).content.decode().partition("<main")[2] or client.get(page).content.decode()
        assert "chip-bad" in shown and "Declined" in shown and ">Done<" not in shown
    table = b"".join(client.get("/desk/tickets.csv?view=all&outcome=declined").streaming_content).decode()
    assert ",Declined," in table


@pytest.mark.parametrize("answer", [{"outcome": "confirmed", "confirmed_date": WANTED.isoformat()}, {"outcome": "refused"}])
def test_number_cancelled_meanwhile_gets_no_new_date(cast, now, sent, answer):
    before = cast.porting.porting_date
    Did.objects.filter(pk=cast.porting.pk).update(status=Did.Status.CANCELLED)
    take(sent, "carrier_outcome", cast.agent, now, **answer)
    cast.porting.refresh_from_db()
    assert cast.porting.porting_date == before
    assert "cancelled in the meantime and will not be ported" in sent.events.get(kind="step").body


def test_declined_request_can_still_be_rehearsed(cast, now, sent):
    take(sent, "carrier_outcome", cast.agent, now, outcome="refused")
    Did.objects.filter(pk=cast.porting.pk).update(status=Did.Status.CANCELLED)
    later = now + datetime.timedelta(hours=1)
    row = PolicyValue(code="porting.change_notice_business_days", value="5 business days", valid_from=later.date())
    told = rehearsal.start(row, cast.admin, at=later)
    rehearsal.work(told.pk, at=later)
    told.refresh_from_db()
    assert (told.judged, told.unknown) == (1, 0)


def test_thank_you_does_not_turn_declined_into_done(cast, now, sent):
    take(sent, "carrier_outcome", cast.agent, now, outcome="refused")
    conversation.reply(sent.pk, "A pity. Thank you.", author=cast.nora, at=now)
    status.change(sent.pk, "solved", actor=cast.agent, at=now)
    sent.refresh_from_db()
    assert (sent.outcome, status.outcomes(sent)) == ("declined", ["declined", "executed"])


def test_carrier_answer_is_recorded_once(cast, now, sent):
    (step,) = execution.open_steps(sent, user=cast.agent)
    form = step.form({"outcome": "refused"})
    assert form.is_valid()
    execution.take_step(sent.pk, "carrier_outcome", form, actor=cast.agent, at=now)
    with pytest.raises(execution.NotNow):
        execution.take_step(sent.pk, "carrier_outcome", form, actor=cast.agent, at=now)
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"outcome": "confirmed"},
        {"outcome": "maybe"},
        {"outcome": "confirmed", "confirmed_date": "12.01.2027"},
        {"outcome": "refused", "confirmed_date": "2027-01-20"},
    ],
)
def test_unclear_carrier_answer_is_not_recorded(cast, sent, answer):
    (step,) = execution.open_steps(sent, user=cast.agent)
    assert not step.form(answer).is_valid()


@pytest.mark.parametrize("day", ["2026-11-17", "2027-11-19", "2087-01-20"])
def test_implausible_confirmed_date_is_rejected(cast, now, sent, day):
    with pytest.raises(ValidationError, match="before the carrier was asked or too far in the future"):
        take(sent, "carrier_outcome", cast.agent, now, outcome="confirmed", confirmed_date=day)
    assert open_codes(sent, cast.agent) == ["carrier_outcome"]


@pytest.mark.parametrize("day", ["2026-11-18", "2027-11-18"])
def test_date_from_the_day_the_carrier_was_asked_to_the_last_possible_one_is_recorded(cast, now, sent, day):
    take(sent, "carrier_outcome", cast.agent, now, outcome="confirmed", confirmed_date=day)
    body = sent.events.get(kind="step").body
    assert body.endswith(f"will be ported on {day_in_full(datetime.date.fromisoformat(day))}."), "the day itself has not passed yet"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            {"outcome": "confirmed", "confirmed_date": WANTED.isoformat()},
            f"confirmed your date: the porting date of {{}} was {day_in_full(WANTED)}.",
        ),
        (
            {"outcome": "confirmed", "confirmed_date": (WANTED - datetime.timedelta(days=2)).isoformat()},
            f"{day_in_full(WANTED)}: the porting date of {{}} was {day_in_full(WANTED - datetime.timedelta(days=2))}.",
        ),
        ({"outcome": "refused"}, f"the porting date of {{}} remained {day_in_full(WANTED - datetime.timedelta(days=1))}."),
    ],
)
def test_answer_recorded_late_uses_the_past_tense(cast, now, sent, answer, told):
    Did.objects.filter(pk=cast.porting.pk).update(porting_date=WANTED - datetime.timedelta(days=1))  # set by an import meanwhile
    take(sent, "carrier_outcome", cast.agent, now + (WANTED - now.date()) + datetime.timedelta(days=1), **answer)
    assert sent.events.get(kind="step").body.endswith(told.format(grouped(cast.porting.number)))


def test_question_to_the_partner_keeps_the_carrier_step_open(cast, now, sent):
    conversation.ask_partner(sent.pk, "Is the PBX configured?", author=cast.agent, at=now)
    conversation.reply(sent.pk, "Yes, it is.", author=cast.nora, at=now)
    sent.refresh_from_db()
    assert sent.status == "open"
    take(sent, "carrier_outcome", cast.agent, now, outcome="refused")
    assert sent.outcome == "declined"


def test_partner_cannot_answer_for_the_carrier(cast, sent):
    assert open_codes(sent, cast.nora) == []


def test_second_change_is_denied_while_the_carrier_decides(cast, now, sent):
    with pytest.raises(submission.Denied) as refused:
        move(cast, now, WANTED + datetime.timedelta(days=7))
    assert [f.rule for f in refused.value.verdict.findings if f.effect == "deny"] == ["DID-6"]


def test_after_the_answer_the_date_can_change_again_for_another_fee(cast, now, sent):
    take(sent, "carrier_outcome", cast.agent, now, outcome="confirmed", confirmed_date=WANTED.isoformat())
    carry_out(move(cast, now, WANTED + datetime.timedelta(days=7)), cast.agent, now)
    assert LedgerEntry.objects.count() == 2


def test_price_of_the_submission_day_is_posted(cast, now):
    set_policy("fee.porting_date_change", "80.00", now.date() + datetime.timedelta(days=1), cast.admin)
    ticket = move(cast, now, WANTED)
    carry_out(ticket, cast.agent, now + datetime.timedelta(days=3))
    assert [e.amount for e in LedgerEntry.objects.all()] == [50]
    take(ticket, "carrier_outcome", cast.agent, now, outcome="refused")
    with pytest.raises(submission.PriceNotAccepted) as refused:
        move(cast, now + datetime.timedelta(days=1), WANTED)
    assert [c.amount for c in refused.value.verdict.charges] == [80]


def test_change_too_late_to_send_is_not_charged(cast, now):
    ticket = move(cast, now, WANTED)
    late = datetime.datetime.combine(cast.porting.porting_date, datetime.time(9), tzinfo=datetime.UTC)
    with pytest.raises(execution.NotExecutable):
        carry_out(ticket, cast.agent, late)
    assert not LedgerEntry.objects.exists()
