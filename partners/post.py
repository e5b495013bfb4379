"""Mails about accounts: that leave after the answer, so that its time tells nothing of who is known; or while somebody waits a little."""

import logging
from concurrent.futures import ThreadPoolExecutor, wait

from engine import mail_server
from engine.one_line import in_a_line

logger = logging.getLogger("careline.post")

PATIENCE = 3  # seconds that somebody waits for a mail server; what takes it longer goes on without anybody (docs/decisions/0378)
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")
_couriers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="courier")  # as many as the threads of a web process
_slow = set()  # what is handed over and nobody waits for any more


def send_later(message):
    """Hand over an EmailMessage that is complete. One that cannot be sent is logged; the person asks again."""
    _postman.submit(_send, message)


def send(message, *, what):
    """Send a mail that somebody waits for. Gives whether it has left by now; False while a slow mail server still takes it, once.

    Raises OSError where the mail server is known not to take it. `what` it is stands in the log.
    """
    handed = _couriers.submit(_hand_over, message)
    if wait([handed], timeout=PATIENCE).done:
        handed.result()
        return True
    _slow.add(handed)
    handed.add_done_callback(lambda over: _taken(over, what))
    return False


def _taken(over, what):
    if error := over.exception():
        not_sent(what, error)
    _slow.discard(over)


def _hand_over(message):
    if mail_server.is_silent():
        raise TimeoutError("The mail server says nothing.")
    with mail_server.noticing():
        message.send()


def not_sent(what, error):
    """Log, in one line, that a mail did not leave."""
    logger.warning("A mail (%s) could not be sent: %s", what, in_a_line(error))


def emptied():
    """Wait until every mail handed over in this process has left."""
    _postman.submit(int).result()
    while _slow:
        wait([*_slow])


def _send(message):
    try:
        message.send()
    except Exception:
        logger.exception("A mail could not be sent")
