"""Saved views: stored under a name, shared, changed and deleted by authorised people."""

import pytest

from desk.models import SavedView

QUERY = "status=new&partner=NORD&order=created"


@pytest.fixture
def saved(client, cast):
    """Ada's own view, saved on the page."""
    client.force_login(cast.agent)
    answer = client.post(f"/desk/views/new/?{QUERY}&after=x&strange=1", {"name": " Nord, new "})
    view = SavedView.objects.get()
    assert answer.url == f"/desk/?saved={view.pk}&{QUERY}"
    assert (view.name, view.query, view.owner, view.is_shared) == ("Nord, new", QUERY, cast.agent, False)
    return view


def test_saved_view_is_in_the_rail_and_shows_unsaved_changes(client, cast, saved):
    page = client.get(f"/desk/?saved={saved.pk}&{QUERY}")
    assert (page.context["title"], page.context["saved"]["is_changed"]) == ("Nord, new", False)
    assert "Nord, new" in page.content.decode() and client.get("/desk/views/counts/").json()["counts"] == {f"saved:{saved.pk}": ""}
    changed = client.get(f"/desk/?saved={saved.pk}&{QUERY}&tag=urgent")
    assert changed.context["saved"]["is_changed"] and "Save changes" in changed.content.decode()
    client.post(changed.context["saved"]["update_url"], {"query": changed.context["saved"]["query"]})
    saved.refresh_from_db()
    assert saved.query == "status=new&partner=NORD&tag=urgent&order=created"


def test_duplicate_names_and_long_queries_are_rejected(client, cast, saved):
    assert "already have a view with this name" in client.post(f"/desk/views/new/?{QUERY}", {"name": "Nord, new"}).content.decode()
    long = client.post(f"/desk/views/new/?tag={'x' * 1100}", {"name": "Long"})
    assert long.status_code == 400 and "Remove some of them" in long.content.decode()
    client.post(f"/desk/views/{saved.pk}/query/", {"query": f"tag={'x' * 1100}"})
    client.post(f"/desk/views/{saved.pk}/", {"name": "Nord", "is_shared": "on"})
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared, saved.query) == ("Nord", True, QUERY)


def test_only_shared_views_are_visible_to_others_and_editable_by_leads(client, cast, saved):
    paths = (f"/desk/views/{saved.pk}/", f"/desk/views/{saved.pk}/query/", f"/desk/views/{saved.pk}/delete/")

    def posted(who):
        client.force_login(who)
        return [client.post(path, {"name": "Taken", "is_shared": "on", "query": ""}).status_code for path in paths]

    assert posted(cast.agent2) == posted(cast.lead) == posted(cast.nora) == [404, 404, 404]
    client.force_login(cast.agent2)
    assert client.get("/desk/views/counts/").json()["counts"] == {}
    SavedView.objects.update(is_shared=True)
    assert posted(cast.agent2) == posted(cast.nora) == [404, 404, 404]
    client.force_login(cast.agent2)
    assert client.get("/desk/views/counts/").json()["counts"] == {f"saved:{saved.pk}": ""}
    assert "Nord, new" in client.get(f"/desk/?saved={saved.pk}&{QUERY}").content.decode()
    assert posted(cast.lead) == [302, 302, 302]
    assert not SavedView.objects.exists()
