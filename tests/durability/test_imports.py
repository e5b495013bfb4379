"""A worker dies in an import: nothing of it is there, that is seen, and it can be started again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from estate import runs
from hwaas.models import Item
from tests.durability.stack import until

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = b"code,name,capex_price,hwaas_monthly_price,stock\nKILLED,Desk phone,119,4.5,0\n"


def ended(run):
    """The run once it moves no more."""

    def look():
        run.refresh_from_db()
        return run.state not in runs.MOVING

    until(look, "the end of the run")
    return run


def test_a_killed_import_changes_nothing_and_is_started_again(stack, cast, now, settings):
    settings.MEDIA_ROOT = stack.folder / "attachments"
    rehearsal = ended(runs.start([SimpleUploadedFile("items.csv", ITEMS)], by=cast.admin, at=now))
    assert (rehearsal.state, Item.objects.filter(code="KILLED").count()) == ("done", 0)
    stack.set_trap("inside_import", rehearsal.pk + 1, "kill")
    run = runs.follow(rehearsal, is_rehearsal=False, by=cast.admin, at=now)
    assert (ended(run).state, Item.objects.filter(code="KILLED").count()) == ("interrupted", 0)
    stack.set_trap("after_import", run.pk + 1, "kill")  # it is committed, and the worker can say nothing any more
    again = runs.follow(run, is_rehearsal=False, by=cast.admin, at=now)
    until(lambda: not stack.is_set("after_import", again.pk), "the second death")
    assert (ended(again).state, Item.objects.filter(code="KILLED").count()) == ("done", 1)
