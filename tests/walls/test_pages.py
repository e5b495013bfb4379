"""The browser policy for unusual pages; every other page is checked on the rounds."""

from tests.walls.policy import troubles


def test_answers_to_what_is_wrong_are_pages_of_the_house_too(client, visit, scene):
    client.force_login(scene.nora)
    for path in ("/nowhere/", f"/desk/{scene.said.pk}/", "/portal/requests/?after=x"):
        answer = visit(client, "get", path)
        assert answer.status_code == 404
        assert not troubles(answer)


def test_files_are_downloads_that_run_nothing(client, visit, scene):
    client.force_login(scene.nora)
    answer = visit(client, "get", f"/attachments/{scene.paper.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"].partition(";")[0] == "text/plain"
