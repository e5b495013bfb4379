"""E-mails about accounts: sent after the response, so that its timing reveals nothing, or while the user waits briefly."""

import logging
from concurrent.futures import ThreadPoolExecutor, wait

from engine import mail_server
from engine.single_line import single_line

logger = logging.getLogger("careline.post")

PATIENCE = 3  # seconds a user waits for the mail server; slower sending continues in the background (docs/decisions/0378)
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")
_couriers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="courier")  # as many as the threads of a web process
_slow = set()  # e-mails still being sent that nobody waits for any longer


def send_later(message):
    """Queue a complete EmailMessage. A failure is logged; the user can request the e-mail again."""
    _postman.submit(_send, message)


def send(message, *, what):
    """Send an e-mail while a user waits. Return whether it has been sent; False if a slow mail server is still accepting it.

    Raise OSError if the mail server is known not to accept it. `what` names the e-mail in the log.
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
    if mail_server.is_unresponsive():
        raise TimeoutError("The mail server does not respond.")
    with mail_server.noticing_timeouts():
        message.send()


def not_sent(what, error):
    """Log, in one line, that an e-mail was not sent."""
    logger.warning("E-mail (%s) could not be sent: %s", what, single_line(error))


def wait_until_sent():
    """Wait until all e-mails queued in this process have been sent."""
    _postman.submit(int).result()
    while _slow:
        wait([*_slow])


def _send(message):
    try:
        message.send()
    except Exception:
        logger.exception("E-mail could not be sent")
