"""The site with trapdoors (faults.py), for the gunicorn of these tests; its files end in `-web`."""

import gc

from config import wsgi
from config.duplicate_submissions import DuplicateSubmissionMiddleware
from tests.durability.faults import running, surround
from tickets.services import submission

assert gc.isenabled() and gc.get_freeze_count(), "loading has ended (config/loading.py)"
application = wsgi.application
running["number"] = "web"
surround(submission, "owe_email", after="before_commit")
surround(DuplicateSubmissionMiddleware, "__call__", after="after_commit")  # ends the transaction of a form's effect
