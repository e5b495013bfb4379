from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

RUNNING = models.Q(("status__in", ["new", "open", "pending", "on_hold"]))
LATE = models.Q(("first_is_late", True), ("next_is_late", True), ("solution_is_late", True), _connector="OR")
REPORTED = ("type_code", "topic", "partner", "assignee", "outcome", "first_minutes", "solve_minutes")
REPORTED += ("first_is_late", "next_is_late", "solution_is_late", "reopened", "is_satisfied")


def added(name, *fields, model="ticket", **options):
    return AddIndexConcurrently(model, models.Index(fields=list(fields), name=name, **options))


class Migration(migrations.Migration):
    """Built concurrently, outside a transaction: a large table can be written to meanwhile."""

    atomic = False
    dependencies = [("tickets", "0031_opinions_on_the_timeline")]
    operations = [
        added("ticket_due_of_assignee", "assignee", "due_at", condition=RUNNING & models.Q(("due_at__isnull", False))),
        added("ticket_awaiting", "assignee", "awaiting_since", condition=RUNNING & models.Q(("awaiting_since__isnull", False))),
        added("ticket_in_reports", "created_at", include=REPORTED),
        added("ticket_rejected", "created_at", condition=models.Q(("outcome", "rejected"))),
        added("ticket_rated", "created_at", condition=models.Q(("is_satisfied__isnull", False))),
        added("ticket_reopened", "created_at", condition=models.Q(("reopened__gt", 0))),
        added("ticket_late", "created_at", condition=LATE),
        added("charge_posted", "posted_at", model="ticketcharge", condition=models.Q(("posted_at__isnull", False))),
    ]
