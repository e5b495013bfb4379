"""HTTP calls to addresses chosen by others: only to the public internet, never to our own network (OWASP: SSRF)."""

import ipaddress
import socket
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from threading import Thread, Timer
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

WAIT = Timeout(connect=3, read=6)  # seconds of silence
LOOK_UP = 3  # seconds for the DNS lookup
LONGEST = 10  # seconds for the whole response: some servers drip bytes, and others would wait for them
OUT_IN_THE_WORLD = ipaddress.ip_network("2000::/3")  # RFC 4291, 2.4; excludes embedded IPv4 and old private ranges


class Unreachable(Exception):
    """The address could not be reached or must not be called; the message says why."""


def post(url, body, headers):
    """POST bytes to an address; return the status and ignore the body. Redirects are not followed. Raise NotReached."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname.encode("idna").decode(), parts.port or (443 if parts.scheme == "https" else 80)
        pool = _pool(parts.scheme, host, _address(host, port), port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"Host": parts.netloc, "User-Agent": "Careline", "Content-Type": "application/json"} | headers
        with pool, _ended_after(LONGEST, pool):
            answer = pool.urlopen("POST", path, body=body, headers=sent, redirect=False, retries=False, preload_content=False)
            answer.close()
    except (HTTPError, OSError, ValueError) as error:  # from urllib3, the network, or an invalid host name
        raise Unreachable(_reason(error)) from error
    return answer.status


@contextmanager
def _ended_after(seconds, pool):
    """Within the block, shut down the pool's connection when the time is up, which also ends a pending read."""
    timers = []

    class Brief(pool.ConnectionCls):
        def connect(self):
            super().connect()
            timers.append(Timer(seconds, _shut, [self.sock]))
            timers[-1].start()

    pool.ConnectionCls = Brief
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


def _shut(sock):
    with suppress(OSError):  # it is already closed
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _pool(scheme, host, address, port):
    """Return a pool for exactly the address that was checked, so that the name cannot resolve to another one meanwhile."""
    if scheme == "https":
        return HTTPSConnectionPool(address, port, timeout=WAIT, retries=False, server_hostname=host, assert_hostname=host)
    return HTTPConnectionPool(address, port, timeout=WAIT, retries=False)


def _address(host, port):
    """Return the host's address. Raise NotReached if any of its addresses is not public."""
    found = [entry[4][0] for entry in _looked_up(host, port)]
    if not settings.WEBHOOKS_WITHIN and not all(map(is_public_address, found)):
        raise Unreachable(_("The host name points to a private network, which we cannot call."))
    return found[0]


def _looked_up(host, port):
    """Return the result of getaddrinfo, within LOOK_UP. It may take half a minute and has no timeout; the thread is left to finish."""
    answers = Queue()

    def ask():
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=LOOK_UP)
    except Empty:
        raise Unreachable(_("The host name could not be resolved within a few seconds.")) from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def is_public_address(address):
    """Return whether an IP address is public, also when IPv6 embeds an IPv4 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in OUT_IN_THE_WORLD or ip.sixtofour or ip.teredo):
        return False
    return ip.is_global and not ip.is_multicast


def _reason(error):
    if isinstance(error, socket.gaierror):
        return _("The host name does not exist.")
    if "CERTIFICATE" in str(error).upper():
        return _("The server’s certificate is not valid for this address.")
    if "timed out" in str(error):
        return _("No response within a few seconds.")
    return _("The server could not be reached.")
