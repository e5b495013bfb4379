"""A form of the admin site is sent after a colleague has changed the same row: it knows what its page showed."""

import re
from datetime import UTC, datetime

import pytest

from billing.models import BonusTerms
from partners.models import User
from pbx.models import ConsoleReport

pytestmark = pytest.mark.django_db
SECOND = datetime(2026, 11, 2, 10, tzinfo=UTC)
SEEN = re.compile(r'type="hidden" name="(initial-[^"]*)"(?: value="([^"]*)")?')
REPORT = {"registered_users": "3", "wms_role": "standalone", "wms_server": "", "reported_at_0": "2026-11-01", "reported_at_1": "10:00:00"}
PERSON = {"email": "sara@sud.example", "full_name": "Sara Sud", "role": "contact", "label": "", "is_active": "on"}
# {what both change: (model, what the page shows, a colleague's change, mine, how the page names the colleague's value)}
CHANGES = {
    "an amount, cleared": (BonusTerms, {"target": "100.00", "rate": "5.00"}, {"target": None}, {"target": "200"}, "none"),
    "a choice": (User, PERSON, {"label": "sales_manager"}, {"label": "accountant"}, "sales manager"),
    "a time": (ConsoleReport, REPORT, {"reported_at": SECOND}, {"reported_at_1": "11:00:00"}, "2 Nov 2026, 10:00"),
}


@pytest.fixture
def page(cast, sign_in):
    """Return open_page(model), which opens the form of a row: (the row, send(typed), which posts the page last shown with these texts)."""
    rows = {
        BonusTerms: BonusTerms.objects.create(partner=cast.nord, target=100, rate=5),
        User: cast.sara,
        ConsoleReport: ConsoleReport.objects.create(
            pbx=cast.pbx, registered_users=3, wms_role="standalone", reported_at=SECOND.replace(day=1)
        ),
    }
    client = sign_in(cast.admin)

    def open_page(model):
        row = rows[model]
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"
        keys = {name: str(getattr(row, f"{name}_id")) for name in ("partner", "pbx") if hasattr(row, name)}
        seen = dict(SEEN.findall(client.get(path).content.decode()))

        def send(typed):
            answer = client.post(path, keys | seen | typed | {"csrfmiddlewaretoken": str(seen | typed)})
            seen.update(SEEN.findall(answer.content.decode()))
            return answer

        return row, send

    return open_page


@pytest.mark.parametrize("what", CHANGES)
def test_change_by_both_is_shown_and_saved_if_sent_again(page, what):
    model, shown, theirs, mine, words = CHANGES[what]
    row, send = page(model)
    model.objects.filter(pk=row.pk).update(**theirs)
    assert words in re.findall("Somebody else has changed this to “(.*?)” in the meantime", send(shown | mine).content.decode())
    [name] = theirs
    before = getattr(model.objects.get(pk=row.pk), name)
    assert send(shown | mine).status_code == 302
    assert (before, getattr(model.objects.get(pk=row.pk), name) != before) == (theirs[name], True)


def test_untouched_time_keeps_what_a_colleague_has_set(page):
    row, send = page(ConsoleReport)
    ConsoleReport.objects.update(reported_at=SECOND)
    assert send(REPORT | {"registered_users": "4"}).status_code == 302
    row.refresh_from_db()
    assert (row.reported_at, row.registered_users) == (SECOND, 4)
