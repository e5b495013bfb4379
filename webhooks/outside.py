"""Calls to addresses that other people named: out into the world, never to what stands beside us (OWASP: server-side request forgery)."""

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

WAIT = Timeout(connect=3, read=6)  # seconds without a word
LOOK_UP = 3  # seconds for the name to be found
LONGEST = 10  # seconds for all of the answer: some say a letter from time to time, and others would wait for them
OUT_IN_THE_WORLD = ipaddress.ip_network("2000::/3")  # RFC 4291, 2.4: what carries IPv4 (64:ff9b::, ::ffff:…) and old private ranges are not


class NotReached(Exception):
    """Nobody answered there, or nobody may be asked there; the text says why, for people."""


def post(url, body, headers):
    """POST bytes to an address and give the status of the answer, whose words nobody reads. Redirects are answers. Raises NotReached."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname.encode("idna").decode(), parts.port or (443 if parts.scheme == "https" else 80)
        pool = _pool(parts.scheme, host, _address(host, port), port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"Host": parts.netloc, "User-Agent": "Careline", "Content-Type": "application/json"} | headers
        with pool, _ended_after(LONGEST, pool):
            answer = pool.urlopen("POST", path, body=body, headers=sent, redirect=False, retries=False, preload_content=False)
            answer.close()
    except (HTTPError, OSError, ValueError) as error:  # urllib3's, the network's, a name that is none
        raise NotReached(_reason(error)) from error
    return answer.status


@contextmanager
def _ended_after(seconds, pool):
    """Within the `with` a connection that the pool makes is shut when its time is over; what was to be read of it ends there."""
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
    with suppress(OSError):  # it is closed already
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _pool(scheme, host, address, port):
    """One connection to the very address that was looked at, so that the name cannot mean another one a moment later."""
    if scheme == "https":
        return HTTPSConnectionPool(address, port, timeout=WAIT, retries=False, server_hostname=host, assert_hostname=host)
    return HTTPConnectionPool(address, port, timeout=WAIT, retries=False)


def _address(host, port):
    """Where the host is. Raises NotReached where any of its addresses is not out in the world."""
    found = [entry[4][0] for entry in _looked_up(host, port)]
    if not settings.WEBHOOKS_WITHIN and not all(map(is_outside, found)):
        raise NotReached(_("The name leads into a private network, where we do not call."))
    return found[0]


def _looked_up(host, port):
    """What getaddrinfo says within LOOK_UP. It may take half a minute and has no limit: it is left to end by itself."""
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
        raise NotReached(_("Its name was not found within a few seconds.")) from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def is_outside(address):
    """Whether an IP address is one of the public internet, also behind the forms in which IPv6 carries IPv4."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in OUT_IN_THE_WORLD or ip.sixtofour or ip.teredo):
        return False
    return ip.is_global and not ip.is_multicast


def _reason(error):
    if isinstance(error, socket.gaierror):
        return _("There is no such host.")
    if "CERTIFICATE" in str(error).upper():
        return _("The certificate of the server is not valid for this address.")
    if "timed out" in str(error):
        return _("No answer within a few seconds.")
    return _("The server could not be reached.")
