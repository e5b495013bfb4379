"""A worker dies during an import: nothing of it is left, the failure is detected, and the import can be restarted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from estate import runs
from hwaas.models import Item
from tests.durability.stack import until

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = b"code,name,capex_price,hwaas_monthly_price,stock\nKILLED,Desk phone,119,4.5,0\n"


def ended(run):
    """Return the run once its state no longer changes."""

    def look():
        run.refresh_from_db()
        return run.state not in runs.MOVING

    until(look, "the end of the run")
    return run


def test_killed_import_changes_nothing_and_is_restarted(stack, cast, now, settings):
    settings.MEDIA_ROOT = stack.folder / "attachments"
    rehearsal = ended(runs.start([SimpleUploadedFile("items.csv", ITEMS)], by=cast.admin, at=now))
    assert (rehearsal.state, Item.objects.filter(code="KILLED").count()) == ("done", 0)
    stack.set_trap("inside_import", rehearsal.pk + 1, "kill")
    run = runs.start_again(rehearsal, is_rehearsal=False, by=cast.admin, at=now)
    assert (ended(run).state, Item.objects.filter(code="KILLED").count()) == ("interrupted", 0)
    stack.set_trap("after_import", run.pk + 1, "kill")  # it is committed, and the worker can no longer report anything
    again = runs.start_again(run, is_rehearsal=False, by=cast.admin, at=now)
    until(lambda: not stack.is_set("after_import", again.pk), "the second death")
    assert (ended(again).state, Item.objects.filter(code="KILLED").count()) == ("done", 1)
