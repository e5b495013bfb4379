"""The browser policy for unusual pages; every other page is checked on the rounds."""

from tests.every_url.content_policy import violations


def test_error_responses_follow_the_content_policy(client, visit, scene):
    client.force_login(scene.nora)
    for path in ("/nowhere/", f"/desk/{scene.said.pk}/", "/portal/requests/?after=x"):
        answer = visit(client, "get", path)
        assert answer.status_code == 404
        assert not violations(answer)


def test_files_are_downloaded_and_cannot_run_scripts(client, visit, scene):
    client.force_login(scene.nora)
    answer = visit(client, "get", f"/attachments/{scene.paper.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"].partition(";")[0] == "text/plain"
