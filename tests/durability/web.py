"""The site with trapdoors (faults.py), for the gunicorn of these tests; its files end in `-web`."""

from config import wsgi
from config.duplicate_submissions import DuplicateSubmissionMiddleware
from tests.durability.faults import running, surround
from tickets.services import submission

application = wsgi.application
running["number"] = "web"
surround(submission, "owe_email", after="before_commit")
surround(DuplicateSubmissionMiddleware, "__call__", after="after_commit")  # ends the transaction of a form's effect
