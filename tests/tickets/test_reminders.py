"""DID-6: the PBX is to be configured a day before; the partner's contacts are reminded, once. ORG-1: so are parties of a move."""

from datetime import timedelta

import pytest

from classound.models import Did
from desk.models import Notice
from desk.services import expired_links
from partners.users import ApiToken, User, digest_of
from tests.cast import make_did
from tests.tickets.actions import send_mails
from tests.tickets.test_transfer import links, transfer
from tickets.models import Confirmation, Mail
from tickets.services import agent_actions, consents
from tickets.services.reminders import remind_of_confirmations, remind_of_portings, remind_of_tokens


def port_in(cast, days, **fields):
    Did.objects.filter(pk=cast.porting.pk).update(porting_date=cast.today + timedelta(days=days), **fields)


def remind(*, at):
    remind_of_portings(at=at)
    send_mails(at)


@pytest.mark.parametrize(("days", "mails"), [(0, 0), (1, 1), (2, 0)])
def test_reminder_goes_out_only_the_day_before(cast, now, mailoutbox, days, mails):
    port_in(cast, days)
    remind(at=now)
    assert len(mailoutbox) == mails


def test_reminder_is_sent_once_and_again_for_another_date(cast, now, mailoutbox):
    port_in(cast, 1)
    remind(at=now)
    remind(at=now + timedelta(hours=1))
    assert [mail.to for mail in mailoutbox] == [[cast.nora.email]]
    assert "+49 89 81000403" in mailoutbox[0].subject
    assert all(told in mailoutbox[0].body for told in ("Hello Nora Nord,", "14:00", "/portal/numbers/?q=%2B498981000403"))
    port_in(cast, 2)
    remind(at=now + timedelta(days=1))
    assert len(mailoutbox) == 2


def test_same_day_numbers_share_a_reminder_and_a_late_one_gets_its_own(cast, now, mailoutbox):
    port_in(cast, 1)
    port = {"kind": "ported", "status": "ordered", "activated_on": None, "porting_date": cast.today + timedelta(days=1)}
    more = make_did("+498981000404", cast.pbx, porting_confirmed=True, **port)
    late = make_did("+498981000405", cast.pbx, porting_confirmed=False, **port)
    remind(at=now)
    assert mailoutbox[0].subject == f"2 numbers will be ported on {now + timedelta(days=1):%-d %B %Y}: have the PBXs ready"
    assert "+49 89 81000403 on" in mailoutbox[0].body and "+49 89 81000404 on" in mailoutbox[0].body
    Did.objects.filter(pk=late.pk).update(porting_confirmed=True)
    for hours in (1, 2):
        remind(at=now + timedelta(hours=hours))
    assert len(mailoutbox) == 2 and mailoutbox[1].subject.startswith("+49 89 81000405 will be ported on")
    assert more.number not in mailoutbox[1].body


def test_unconfirmed_date_gets_no_reminder(cast, now, mailoutbox):
    port_in(cast, 1, porting_confirmed=False)
    remind(at=now)
    assert not mailoutbox


@pytest.fixture
def move(cast, now):
    """A move that the new partner has agreed to; the current partner and the reseller have not answered."""
    ticket = transfer(cast, now)
    token = links(ticket, now)["billing@albion.example"]
    consents.decide(consents.by_token(token), Confirmation.Decision.AGREED, name="Alba Albion", at=now)
    return ticket


def reminded(move, at):
    """Return {address: token} of the reminders sent at this moment."""
    remind_of_confirmations(at=at)
    return links(move, at)


@pytest.mark.parametrize(("minutes", "count"), [(-1, 0), (0, 2), (3 * 24 * 60 - 1, 2), (3 * 24 * 60, 0)])
def test_parties_are_reminded_from_three_days_before_their_links_expire(move, now, minutes, count):
    assert len(reminded(move, now + timedelta(days=11, minutes=minutes))) == count


def test_reminder_has_a_new_link_that_expires_with_the_old_one_and_is_sent_once(move, now, mailoutbox):
    at = now + timedelta(days=11)
    fresh = reminded(move, at)
    assert set(fresh) == {"office@kiel.example", "nora@nord.example"}
    assert all(mail.subject.startswith("Reminder – please agree or decline: ") for mail in mailoutbox)
    assert all("by 2" in mail.body and "It replaces the link in our earlier e-mail." in mail.body for mail in mailoutbox)
    assert reminded(move, at + timedelta(hours=1)) == {}
    rows = Confirmation.objects.filter(decision="")
    assert {(row.sent_at, row.expires_at) for row in rows} == {(at, now + timedelta(days=14))}
    assert consents.by_token(fresh["office@kiel.example"]).party == "subject"


def test_party_whose_link_was_sent_again_is_not_reminded_of_the_earlier_one(move, cast, now):
    at = now + timedelta(days=11)
    for _minute in range(2):  # while the mail server is down
        remind_of_confirmations(at=at)
    assert Mail.objects.filter(sent_at=None, data__has_key="until").count() == 2
    consents.send_again(move.pk, "subject", actor=cast.agent, at=at)
    sent = links(move, at)
    assert set(sent) == {"office@kiel.example", "nora@nord.example"}
    assert consents.by_token(sent["office@kiel.example"]).expires_at == at + timedelta(days=14)


def test_owner_or_leads_are_notified_of_expired_links_once(move, cast, now):
    late = now + timedelta(days=14)
    assert expired_links.notify(at=late - timedelta(minutes=1)) == 0
    assert (expired_links.notify(at=late), expired_links.notify(at=late)) == (2, 0)
    assert set(Notice.objects.values_list("user__email", "kind", "text")) == {
        ("lead@care.example", "expired", "Kiel IT"),
        ("lead@care.example", "expired", "Nord Telecom"),
    }
    agent_actions.assign(move.pk, cast.agent, actor=cast.lead, at=late)
    consents.send_again(move.pk, "subject", actor=cast.agent, at=late)
    links(move, late)
    later = late + timedelta(days=14)
    assert expired_links.notify(at=later) == 1
    assert Notice.objects.filter(user=cast.agent, kind="expired").get().text == "Kiel IT"


def test_nobody_is_notified_of_links_of_a_request_that_has_ended(move, cast, now):
    agent_actions.withdraw(move.pk, actor=cast.nora, at=now)
    assert expired_links.notify(at=now + timedelta(days=14)) == 0


def test_short_lifetime_leaves_the_party_time_to_answer_first(move, now):
    Confirmation.objects.filter(decision="").update(expires_at=now + timedelta(days=4))
    assert reminded(move, now + timedelta(days=2, hours=23)) == {}
    assert len(reminded(move, now + timedelta(days=3))) == 2


def test_expired_link_is_renewed_although_its_reminder_was_not_sent(move, now):
    remind_of_confirmations(at=now + timedelta(days=13))
    late = now + timedelta(days=15)
    row = Confirmation.objects.get(party="subject")
    consents.renew(row, at=late)
    assert set(links(move, late)) == {"office@kiel.example"}


@pytest.fixture
def token(cast, now):
    """An API token of Nora's that was valid for a year and ends in ten days."""
    token = ApiToken.objects.get(digest=digest_of(ApiToken.issue(cast.nora, name="CRM", expires_at=now + timedelta(days=10))))
    ApiToken.objects.filter(pk=token.pk).update(created_at=now - timedelta(days=355))
    return token


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 1),
        ({"days": 14}, 1),
        ({"days": 15}, 0),
        ({"days": 0}, 0),
        ({"revoked": True}, 0),
        ({"left": True}, 0),
        ({"created": timedelta(days=13)}, 0),
    ],
)
def test_owner_of_an_api_token_is_told_once_before_it_expires(cast, now, token, mailoutbox, change, count):
    rows = ApiToken.objects.filter(pk=token.pk)
    if "days" in change:
        rows.update(expires_at=now + timedelta(days=change["days"]))
    if "created" in change:
        rows.update(created_at=now - change["created"])
    if "revoked" in change:
        rows.update(revoked_at=now)
    if "left" in change:
        User.objects.filter(pk=cast.nora.pk).update(is_active=False)
    for _hour in range(2):
        remind_of_tokens(at=now)
        send_mails(now)
    assert len(mailoutbox) == count
    for mail in mailoutbox:
        assert mail.to == ["nora@nord.example"] and mail.subject.startswith("Your API token “CRM” expires on ")
        assert "/portal/tokens/" in mail.body


def test_token_that_was_replaced_meanwhile_is_not_told_of(now, token, mailoutbox):
    remind_of_tokens(at=now)
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=now)
    send_mails(now)
    assert mailoutbox == []
