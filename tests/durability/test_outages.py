"""The queue, the worker or the mail server is down: pages answer, and the backlog is processed once it is back."""

import datetime
import signal
import time

import pytest
import redis
from django.db.models import F

from config import health
from tests.durability.porting_requests import assert_once, carry_out, is_done, submit
from tests.durability.stack import no_mail_is_owed, until
from tickets.models import Mail, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
HANGING = 6  # seconds for two calls; each takes milliseconds with a dead queue, and less than one second with a frozen one


def test_dead_queue_delays_but_loses_nothing(stack, cast, now):
    busy = submit(cast, now)
    (stack.faults / "hold").touch()
    stack.set_trap("before_apply", busy.pk, "hold")
    carry_out(cast, now, busy)
    until((stack.faults / "holding").exists, "a worker in the middle of its work")
    programs = (stack.worker.pid, stack.beat.pid)
    stack.kill_valkey()
    since = time.monotonic()
    ticket = submit(cast, now)
    carry_out(cast, now, ticket)
    assert time.monotonic() - since < HANGING
    assert Ticket.objects.get(pk=ticket.pk).execution == "requested"
    (stack.faults / "hold").unlink()
    stack.start_valkey()
    until(lambda: is_done(busy, ticket), "the executions")
    for done in (busy, ticket):
        assert_once(done)
    until(no_mail_is_owed, "the mails")
    assert len(stack.mails(busy, ticket)) == Mail.objects.count() == 4
    assert (stack.worker.pid, stack.beat.pid) == programs and stack.worker.is_running and stack.beat.is_running


@pytest.mark.thorough
def test_frozen_queue_delays_a_page_only_briefly(stack, cast, now):
    stack.valkey.send_signal(signal.SIGSTOP)
    try:
        since = time.monotonic()
        ticket = submit(cast, now)
        carry_out(cast, now, ticket)
        assert time.monotonic() - since < HANGING
    finally:
        stack.valkey.send_signal(signal.SIGCONT)
    until(lambda: is_done(ticket), "the execution")
    assert_once(ticket)


@pytest.mark.thorough
def test_read_only_queue_is_reported_by_health_and_caught_up(stack, cast, now):
    valkey = redis.Redis(unix_socket_path=str(stack.socket))
    assert health.queue() == "ok"
    logs = {path: path.stat().st_size for path in (stack.folder / "worker.log", stack.folder / "beat.log")}

    def said():
        return "".join(path.read_bytes()[before:].decode() for path, before in logs.items())

    valkey.replicaof("127.0.0.1", "1")
    try:
        ticket = submit(cast, now)
        carry_out(cast, now, ticket)
        assert health.queue() == "does not answer"
        until(lambda: "The queue is unavailable" in said(), "the scheduler's word")
    finally:
        valkey.replicaof("NO", "ONE")
    until(lambda: stack.worker.start() or is_done(ticket), "the execution, by a worker that is started again where it ended over it")
    assert_once(ticket)
    until(lambda: "The queue is available again" in said(), "the scheduler's last word")
    assert "Traceback" not in said() and said().count("The queue is unavailable") == 1


def test_refusing_mail_server_gets_every_email_later_once(stack, cast, now):
    (stack.postbox / "refuse").touch()
    ticket = submit(cast, now)
    until((stack.postbox / "refused").exists, "the refusal")
    (stack.postbox / "refuse").unlink()
    until(lambda: ticket.mails.get().attempts, "the count")
    ticket.mails.update(created_at=F("created_at") - datetime.timedelta(hours=1))  # an hour later
    until(no_mail_is_owed, "the mail")
    assert [to for to, _subject in stack.mails(ticket)] == [ticket.requester.email]
    assert ticket.mails.get().attempts == 2  # monitoring may have sent one of its own: this one seems to be an hour late
