"""Pages answer HEAD as they answer GET, without the body (RFC 9110, 9.3.2): link checkers use it."""

import pytest

PORTAL = ("", "requests/", "requests/new/", "requests/new/did_cancel/", "numbers/", "devices/", "account/", "team/", "webhooks/")
DESK = ("", "day/", "reports/", "macros/", "bulk/", "macros/new/", "notices/", "accounts/NORD/", "new/")


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        (None, ["/account/login/", "/mailbox/", "/api/docs/"]),
        ("nora", [f"/portal/{path}" for path in PORTAL] + ["/help/"]),
        ("agent", [f"/desk/{path}" for path in DESK]),
    ],
    ids=["everybody", "partner", "agent"],
)
def test_pages_answer_head(cast, client, who, paths):
    if who:
        client.force_login(getattr(cast, who))
    answers = {path: (client.get(path), client.head(path)) for path in paths}
    assert {path: got.status_code for path, (got, _head) in answers.items()} == dict.fromkeys(paths, 200)
    assert {path: (head.status_code, head.content) for path, (_got, head) in answers.items()} == dict.fromkeys(paths, (200, b""))
