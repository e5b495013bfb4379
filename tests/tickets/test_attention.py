"""Stopped services are detected by the worker, shown to administrators, and reported once when they last and once when they have ended."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from engine.mail_server import MailServer
from inbound import tasks
from tests.tickets.acts import ask
from tickets.models import Mail, Trouble
from tickets.services import attaching, attention, mailing

MINUTE = timedelta(minutes=1)


@pytest.fixture
def alive(now):
    """alive(at): the worker has just sent its heartbeat. Traces of other tests' workers are ignored."""
    cache.delete(attention.HEARTBEAT)
    attention.beat(at=now)
    return lambda at: attention.beat(at=at)


@pytest.fixture
def told(mailoutbox):
    """told(at) returns what administrators have received by then: [(to, subject)]; the worker runs twice, as it does in practice."""

    def look(at):
        mailoutbox.clear()
        for _twice in range(2):
            attention.watch(at=at)
            for pk in Mail.objects.filter(sent_at=None, kind__in=attention.KINDS).values_list("pk", flat=True):
                mailing.send(pk, at=at, server=MailServer())
        return [(mail.to[0], mail.subject) for mail in mailoutbox]

    return look


def kinds(at):
    return [one.kind for one in attention.there(at=at)]


def test_a_mailbox_that_cannot_be_read_is_told_once_and_its_end_once(cast, now, alive, told, client, settings):
    settings.INBOUND_EMAIL_URL = "imap://care:secret-word@127.0.0.1:1/INBOX"
    with time_machine.travel(now, tick=False):
        tasks.take_in(), tasks.take_in()
    assert (kinds(now), told(now)) == ([], []), "a moment without a mail server is no news"
    later = now + 11 * MINUTE
    assert told(later) == [(cast.admin.email, "Needs attention: Replies by e-mail cannot be read")]
    alive(now + 5 * MINUTE), alive(later)
    settings.INBOUND_EMAIL_URL, settings.DEMO = "", False
    with time_machine.travel(later, tick=False):
        for person, path, sees in ((cast.agent, "/desk/day/", False), (cast.admin, "/admin/", True), (cast.admin, "/desk/day/", True)):
            client.force_login(person)
            page = client.get(path).content.decode()
            assert ("Replies by e-mail cannot be read" in page) is sees and "secret-word" not in page
        assert client.get("/desk/live/").json()["counts"]["troubles"] == "1"
        tasks.take_in()
    assert (kinds(later), told(later)) == ([], [(cast.admin.email, "Over: Replies by e-mail cannot be read")])
    assert told(later + MINUTE) == []


def test_mails_stand_still_only_where_none_that_came_later_was_sent(cast, now, alive, told):
    ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    first = Mail.objects.get(sent_at=None)
    Mail.objects.filter(pk=first.pk).update(attempts=3, error="connection refused", created_at=now)
    attention.watch(at=now + 5 * MINUTE)
    trouble = Trouble.objects.get()
    assert (trouble.kind, trouble.since, trouble.detail) == ("mails", now, "connection refused")
    Mail.objects.create(key="another", kind="submitted", to="x@x.example", ticket=first.ticket, created_at=now, sent_at=now + 5 * MINUTE)
    assert told(now + 20 * MINUTE) == [] and Trouble.objects.get().over_at, "one bad address stops nobody else's"


def test_a_long_list_that_is_being_sent_is_no_trouble_and_an_old_bad_address_hides_none(cast, now, alive, told):
    def mail(key, minutes, sent=None):
        sent_at = None if sent is None else now + sent * MINUTE
        return Mail.objects.create(key=key, kind="usage_report", to="x@x.example", created_at=now + minutes * MINUTE, sent_at=sent_at)

    mail("bad", -60)
    mail("report 1", 0, sent=4)
    mail("report 2", 0)
    attention.watch(at=now + 5 * MINUTE)
    assert not Trouble.objects.exists()
    mail("later", 6)
    attention.watch(at=now + 9 * MINUTE)
    assert Trouble.objects.get().since == now + 6 * MINUTE


def test_who_has_to_make_room_knows_before_files_are_refused(cast, now, alive, told, settings, monkeypatch):
    left = settings.ATTACHMENT_FREE_BYTES * 4
    monkeypatch.setattr(attention, "free_bytes", lambda: left)
    assert attaching.has_room(1) and told(now) == []
    trouble = Trouble.objects.get()
    assert (trouble.kind, trouble.since, trouble.detail) == ("disk", now, "Less than 900 MB left.")
    assert told(now + 11 * MINUTE) == [(cast.admin.email, "Needs attention: Disk space for files is running out")]
    left *= 2
    assert told(now + 12 * MINUTE) == [(cast.admin.email, "Over: Disk space for files is running out")]


def test_a_worker_that_was_away_is_seen_on_pages_and_told_of_when_it_is_back(cast, now, alive, told):
    assert kinds(now + MINUTE / 2) == []
    assert kinds(now + MINUTE) == ["worker"] and attention.there(at=now + MINUTE)[0].since == now
    alive(now + 5 * MINUTE)
    assert told(now + 5 * MINUTE) == [], "a restart is no news"
    alive(now + 60 * MINUTE)
    assert told(now + 60 * MINUTE) == [(cast.admin.email, "Over: Worker, scheduler or queue is not responding")]
    assert kinds(now + 60 * MINUTE) == []


def test_what_was_over_before_it_could_be_told_is_told_as_over_alone(cast, now, alive, mailoutbox):
    attention.begun("charges", since=now - 20 * MINUTE)
    attention._tell(Trouble.objects.get(), "trouble", "told_at", now)
    attention.over("charges", at=now)
    attention.watch(at=now)
    for mail in Mail.objects.filter(kind__in=attention.KINDS).order_by("pk"):
        mailing.send(mail.pk, at=now, server=MailServer())
    assert [mail.subject for mail in mailoutbox] == ["Over: Charges are not being posted"]
