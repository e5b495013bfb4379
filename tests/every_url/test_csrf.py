"""No third-party page can act in a signed-in person's name."""

import pytest
from django.test import Client

from tests.thorough import share

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", share(["admin", "nora", "agent"]))
def test_no_post_is_accepted_without_a_csrf_token(every_address, visit, scene, who):
    client = Client(enforce_csrf_checks=True)
    client.force_login(getattr(scene, who))
    taken = []
    for address in share(every_address):
        for method in ("post", "put", "patch", "delete") if address.is_api else ("post",):  # a page has no other
            answer = visit(client, method, address.path, {}, content_type="application/json")
            # 405: the API rejects unknown methods before it authenticates.
            if answer.status_code not in ((401, 403, 405) if address.is_api else (403,)):
                taken.append((method, address.path, answer.status_code))
    assert not taken, "\n".join(map(str, taken))


def test_only_the_api_is_exempt_from_the_csrf_check(every_address):
    """Views exempt from Django's own check; the API has its token, and checks the form's token with a session."""
    free = {address.pattern for address in every_address if getattr(address.view, "csrf_exempt", False) and not address.is_api}
    assert free == set()


def test_cookies_are_protected_from_scripts_and_other_sites(client, settings):
    page = client.get("/account/login/")
    client.post("/account/login/", {"login": "nobody@nowhere.example", "password": "x"})
    assert page.cookies["csrftoken"]["samesite"] == "Lax"
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (True, "Lax")
    for cookie in client.cookies.values():
        assert cookie["samesite"] in ("Lax", "Strict"), cookie.key
        assert cookie["httponly"] or cookie.key in ("csrftoken", "messages"), cookie.key
