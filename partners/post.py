"""Mails that leave after the answer, so that the time of an answer tells nothing about who is known."""

import logging
from concurrent.futures import ThreadPoolExecutor

logger = logging.getLogger("careline.post")

_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")


def send_later(message):
    """Hand over an EmailMessage that is complete. One that cannot be sent is logged; the person asks again."""
    _postman.submit(_send, message)


def emptied():
    """Wait until every mail handed over in this process has left."""
    _postman.submit(int).result()


def _send(message):
    try:
        message.send()
    except Exception:
        logger.exception("A mail could not be sent")
