"""Stopped services are detected by the worker, shown to administrators, and reported once when they last and once when they have ended."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from engine.mail_server import MailServer
from inbound import tasks
from pbx import services
from pbx import tasks as pbx_tasks
from tests.tickets.actions import ask
from tickets import tasks as ticket_tasks
from tickets.models import Mail, Trouble
from tickets.services import attaching, mailing, monitoring, task_failures

MINUTE = timedelta(minutes=1)


@pytest.fixture
def alive(now, own_hints):
    """alive(at): the worker has just sent its heartbeat. Traces of other tests' workers are ignored."""
    cache.delete(monitoring.HEARTBEAT)
    monitoring.record_heartbeat(at=now)
    return lambda at: monitoring.record_heartbeat(at=at)


@pytest.fixture
def reported(mailoutbox):
    """told(at) returns what administrators have received by then: [(to, subject)]; the worker runs twice, as it does in practice."""

    def look(at):
        mailoutbox.clear()
        for _twice in range(2):
            monitoring.watch(at=at)
            for pk in Mail.objects.filter(sent_at=None, kind__in=monitoring.KINDS).values_list("pk", flat=True):
                mailing.send(pk, at=at, server=MailServer())
        return [(mail.to[0], mail.subject) for mail in mailoutbox]

    return look


def kinds(at):
    return [one.kind for one in monitoring.current_problems(at=at)]


def test_unreadable_mailbox_is_reported_once_and_its_recovery_once(cast, now, alive, reported, client, settings):
    settings.INBOUND_EMAIL_URL = "imap://care:secret-word@127.0.0.1:1/INBOX"
    with time_machine.travel(now, tick=False):
        tasks.take_in(), tasks.take_in()
    assert (kinds(now), reported(now)) == ([], []), "a moment without a mail server is no news"
    later = now + 11 * MINUTE
    assert reported(later) == [(cast.admin.email, "Needs attention: Replies by e-mail cannot be read")]
    alive(now + 5 * MINUTE), alive(later)
    settings.INBOUND_EMAIL_URL, settings.DEMO = "", False
    with time_machine.travel(later, tick=False):
        for person, path, sees in ((cast.agent, "/desk/day/", False), (cast.admin, "/admin/", True), (cast.admin, "/desk/day/", True)):
            client.force_login(person)
            page = client.get(path).content.decode()
            assert ("Replies by e-mail cannot be read" in page) is sees and "secret-word" not in page
        assert client.get("/desk/live/").json()["counts"]["troubles"] == "1"
        tasks.take_in()
    assert (kinds(later), reported(later)) == ([], [(cast.admin.email, "Resolved: Replies by e-mail cannot be read")])
    assert reported(later + MINUTE) == []


def test_emails_count_as_stuck_only_if_no_later_one_was_sent(cast, now, alive, reported):
    ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    first = Mail.objects.get(sent_at=None)
    Mail.objects.filter(pk=first.pk).update(attempts=3, error="connection refused", created_at=now)
    monitoring.watch(at=now + 5 * MINUTE)
    trouble = Trouble.objects.get()
    assert (trouble.kind, trouble.since, trouble.detail) == ("mails", now, "connection refused")
    Mail.objects.create(key="another", kind="submitted", to="x@x.example", ticket=first.ticket, created_at=now, sent_at=now + 5 * MINUTE)
    assert reported(now + 20 * MINUTE) == [] and Trouble.objects.get().over_at, "one bad address stops nobody else's"


def test_slow_batch_is_no_trouble_and_one_bad_address_hides_no_other(cast, now, alive, reported):
    def mail(key, minutes, sent=None):
        sent_at = None if sent is None else now + sent * MINUTE
        return Mail.objects.create(key=key, kind="usage_report", to="x@x.example", created_at=now + minutes * MINUTE, sent_at=sent_at)

    mail("bad", -60)
    mail("report 1", 0, sent=4)
    mail("report 2", 0)
    monitoring.watch(at=now + 5 * MINUTE)
    assert not Trouble.objects.exists()
    mail("later", 6)
    monitoring.watch(at=now + 9 * MINUTE)
    assert Trouble.objects.get().since == now + 6 * MINUTE


def test_low_disk_space_is_reported_before_files_are_refused(cast, now, alive, reported, settings, monkeypatch):
    left = settings.ATTACHMENT_FREE_BYTES * 4
    monkeypatch.setattr(monitoring, "free_bytes", lambda: left)
    assert attaching.has_room(1) and reported(now) == []
    trouble = Trouble.objects.get()
    assert (trouble.kind, trouble.since, trouble.detail) == ("disk", now, "Less than 900 MB left.")
    assert reported(now + 11 * MINUTE) == [(cast.admin.email, "Needs attention: Disk space for files is running out")]
    left *= 2
    assert reported(now + 12 * MINUTE) == [(cast.admin.email, "Resolved: Disk space for files is running out")]


def test_periodic_task_that_keeps_failing_is_reported_until_it_succeeds(cast, now, alive, reported, monkeypatch):
    def run(at):
        with time_machine.travel(at, tick=False):
            pbx_tasks.renew_commitments.apply()

    with monkeypatch.context() as broken:
        broken.setattr(services, "due_renewals", lambda *, today: 1 / 0)
        run(now)
        assert reported(now + 11 * MINUTE) == [], "it is due again in an hour and usually succeeds"
        run(now + 60 * MINUTE)
        assert reported(now + 61 * MINUTE) == [(cast.admin.email, "Needs attention: A background task keeps failing")]
    trouble = Trouble.objects.get()
    assert (trouble.since, trouble.detail) == (now, "pbx.tasks.renew_commitments (ZeroDivisionError)")
    run(now + 120 * MINUTE)
    assert reported(now + 121 * MINUTE) == [(cast.admin.email, "Resolved: A background task keeps failing")]


def test_failing_task_stays_reported_while_redis_is_down(cast, now, alive, reported, settings):
    for _twice in range(2):
        task_failures.note_failure("pbx.tasks.renew_commitments", ValueError(), at=now)
    reported(now + 11 * MINUTE)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    task_failures.note_success("pbx.tasks.renew_commitments")
    assert reported(now + 12 * MINUTE) == [] and not Trouble.objects.get().over_at


def test_watch_that_keeps_failing_is_shown(cast, now, alive, monkeypatch):
    monkeypatch.setattr(monitoring, "free_bytes", lambda: 1 / 0)
    for minutes in range(3):
        with time_machine.travel(now + minutes * MINUTE, tick=False):
            ticket_tasks.watch.apply()
    alive(now + 3 * MINUTE)
    assert kinds(now + 3 * MINUTE) == ["tasks"] and Trouble.objects.get().detail == "tickets.tasks.watch (ZeroDivisionError)"


def test_silent_worker_shows_on_pages_and_is_reported_after_it_returns(cast, now, alive, reported):
    assert kinds(now + MINUTE / 2) == []
    assert kinds(now + MINUTE) == ["worker"] and monitoring.current_problems(at=now + MINUTE)[0].since == now
    alive(now + 5 * MINUTE)
    assert reported(now + 5 * MINUTE) == [], "a restart is no news"
    alive(now + 60 * MINUTE)
    assert reported(now + 60 * MINUTE) == [(cast.admin.email, "Resolved: Worker, scheduler or queue is not responding")]
    assert kinds(now + 60 * MINUTE) == []


def test_trouble_over_before_its_report_sends_only_the_recovery(cast, now, alive, mailoutbox):
    monitoring.report("charges", since=now - 20 * MINUTE)
    monitoring._tell(Trouble.objects.get(), "trouble", "told_at", now)
    monitoring.resolve("charges", at=now)
    monitoring.watch(at=now)
    for mail in Mail.objects.filter(kind__in=monitoring.KINDS).order_by("pk"):
        mailing.send(mail.pk, at=now, server=MailServer())
    assert [mail.subject for mail in mailoutbox] == ["Resolved: Charges are not being posted"]
