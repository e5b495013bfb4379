"""The site with trapdoors (faults.py), for the gunicorn of these tests; its files end in `-web`."""

from config.wsgi import application  # noqa: F401
from tests.durability.faults import running, surround
from tickets.services import submission

running["number"] = "web"
surround(submission, "tell", after="before_commit")
surround(submission, "submit", after="after_commit")
