"""DID-6: the PBX is to be configured a day before; the partner's contacts are reminded, once."""

from datetime import timedelta

import pytest

from classound.models import Did
from tests.cast import make_did
from tests.tickets.actions import send_mails
from tickets.services.reminders import remind_of_portings


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
