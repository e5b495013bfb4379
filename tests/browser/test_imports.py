"""The page of an import polls for progress: soon after each response, and seldom while none comes, as while the database is down."""

import pytest

from estate.models import ImportRun

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_unanswered_page_polls_rarely_and_then_resumes(visit, cast, now):
    run = ImportRun.objects.create(is_rehearsal=True, by=cast.admin, asked_at=now, files=[{"name": "items.csv"}])  # no folder: it waits
    page, asked = visit(cast.admin), []
    page.on("request", lambda request: asked.append(1) if request.url.endswith("/progress/") else None)
    page.goto(f"/admin/estate/importrun/{run.pk}/")
    assert page.locator("#run [role=status]").count() == 0, "each second would be told aloud"
    page.wait_for_timeout(9000)  # a page that polls every ten seconds has done so once at most, and a slow machine three times
    often = len(asked)
    page.route("**/progress/", lambda route: route.fulfill(status=204))  # nothing to insert, and no complaint of the browser
    page.wait_for_event("response", lambda answer: answer.status == 204)  # earlier requests have been answered
    asked.clear()
    page.wait_for_timeout(5500)
    seldom = len(asked)
    page.unroute("**/progress/")
    ImportRun.objects.update(state="interrupted")
    page.locator("#run [role=status]", has_text="This run was interrupted").wait_for()
    assert (often > 2, seldom < 2) == (True, True), (often, seldom)
