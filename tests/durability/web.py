"""The site with trapdoors (faults.py), for the gunicorn of these tests; its files end in `-web`."""

from config import wsgi
from config.sent_once import SentOnceMiddleware
from tests.durability.faults import running, surround
from tickets.services import submission

application = wsgi.application
running["number"] = "web"
surround(submission, "tell", after="before_commit")
surround(SentOnceMiddleware, "__call__", after="after_commit")  # ends the transaction of a form's effect
