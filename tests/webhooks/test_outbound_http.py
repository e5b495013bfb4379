"""Nobody can make us call a system in our own network."""

import socket
import time

import pytest

from webhooks import outbound_http
from webhooks.forms import WebhookForm
from webhooks.models import Webhook

INSIDE = (
    *("127.0.0.1", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"),
    *("2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "64:ff9b:1::a00:8", "::7f00:1", "::ffff:0:7f00:1", "fec0::1", "5f00::1"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_internal_address_is_not_outside(address):
    assert not outbound_http.is_public_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001:80b::200e", "::ffff:8.8.8.8"])
def test_public_address_is_outside(address):
    assert outbound_http.is_public_address(address)


def test_name_resolving_to_an_internal_address_is_not_called(receiver, settings):
    settings.WEBHOOKS_WITHIN = False
    with pytest.raises(outbound_http.Unreachable, match="private network"):
        outbound_http.post(f"http://localhost:{receiver.server_port}/", b"{}", {})
    assert not receiver.calls


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:9/", "could not be reached"),
        ("http://no-such-host.invalid/", "does not exist"),
        ("http://127.0.0.1:99999/", "could not be reached"),
        ("http://" + "a" * 70 + ".example/", "could not be reached"),
    ],
)
def test_unreachable_server_is_reported(settings, url, why):
    settings.WEBHOOKS_WITHIN = True
    with pytest.raises(outbound_http.Unreachable, match=why):
        outbound_http.post(url, b"{}", {})


def test_slowly_trickling_response_is_cut_off(receiver, monkeypatch):
    receiver.pause = 0.1
    monkeypatch.setattr(outbound_http, "LONGEST", 0.5)
    with pytest.raises(outbound_http.Unreachable):  # waited for to its end it would be an answer
        outbound_http.post(receiver.url, b"{}", {})
    assert receiver.calls


def test_server_without_a_valid_certificate_gets_no_call(receiver):
    with pytest.raises(outbound_http.Unreachable):
        outbound_http.post(f"https://127.0.0.1:{receiver.server_port}/", b"{}", {})
    assert not receiver.calls


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("", "required"),
        ("nonsense", "invalid"),
        ("ftp://example.com/", "scheme"),
        ("http://example.com/", "scheme"),
        ("https://me:secret@example.com/", "password"),
        ("https://192.168.0.1/", "inside"),
        ("https://[::1]/", "inside"),
        ("https://exa\x00mple.com/", "null_characters_not_allowed"),
        ("https://example.com/" + "a" * 500, "max_length"),
        ("https://example.com/known#part", "taken"),
    ],
)
def test_invalid_webhook_url_is_refused(cast, now, settings, url, error):
    settings.WEBHOOKS_WITHIN = False
    Webhook.objects.create(partner=cast.nord, url="https://example.com/known", made_by=cast.nora, made_at=now, seen_event=0)
    form = WebhookForm({"url": url}, partner=cast.nord.pk)
    assert [each.code for each in form.errors.as_data()["url"]][-1] == error
    assert WebhookForm({"url": "https://example.com/known"}, partner=cast.sud.pk).is_valid()


def test_slow_name_lookup_is_cut_off(monkeypatch):
    monkeypatch.setattr(outbound_http, "LOOK_UP", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: time.sleep(2) or [])
    since = time.monotonic()
    with pytest.raises(outbound_http.Unreachable, match="could not be resolved within"):
        outbound_http.post("http://slow.example/", b"{}", {})
    assert time.monotonic() - since < 1
