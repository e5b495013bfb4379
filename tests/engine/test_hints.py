"""Hints while Redis is unavailable: nobody waits for it."""

import time

from engine import hints


def test_unavailable_redis_is_asked_again_only_after_a_rest(settings, monkeypatch, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/5"
    monkeypatch.setattr(hints, "REST", 0.3)
    assert [hints.claim("reader:7", 60) for _page in range(3)] == [True] * 3
    assert caplog.messages == ["No hint from Redis about reader: ConnectionError."]
    time.sleep(0.3)
    hints.release("reader:7")
    assert len(caplog.messages) == 2
