"""API tokens on the page: shown once, one's own only, gone when revoked."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import ApiToken, CompanyEvent


@pytest.mark.parametrize(("who", "place"), [("nora", "/portal/tokens/"), ("agent", "/desk/tokens/")])
def test_token_is_shown_once_works_and_is_revoked(who, place, sign_in, cast, client):
    sign_in(getattr(cast, who))
    answer = client.post(place, {"name": "Billing script", "days": "30"})
    secret = re.search(r"care_[\w-]+", answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    page = client.get(place).content.decode()
    assert secret not in page and "Billing script" in page
    token = ApiToken.objects.get()
    assert token.user == getattr(cast, who) and abs(token.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    call = {"HTTP_AUTHORIZATION": f"Token {secret}"}
    client.logout()
    assert client.get("/api/v1/pbxs/", **call).status_code == 200
    sign_in(token.user)
    assert "can no longer access the API" in client.get(f"{place}{token.pk}/revoke/").content.decode()
    client.post(f"{place}{token.pk}/revoke/")
    client.logout()
    assert client.get("/api/v1/pbxs/", **call).status_code == 401
    kinds = ["token_made", "token_revoked"] if who == "nora" else []
    assert sorted(CompanyEvent.objects.values_list("kind", flat=True)) == kinds


def test_other_peoples_tokens_are_not_found(sign_in, cast, client):
    ApiToken.issue(cast.sara, name="Theirs", expires_at=timezone.now() + timedelta(days=1))
    pk = ApiToken.objects.get().pk
    sign_in(cast.nora)
    assert "Theirs" not in client.get("/portal/tokens/").content.decode()
    assert client.post(f"/portal/tokens/{pk}/revoke/").status_code == 404
    assert client.get("/desk/tokens/").status_code == 404
    sign_in(cast.agent)
    assert client.post(f"/desk/tokens/{pk}/revoke/").status_code == 404


def test_token_needs_a_name_and_an_expiry(sign_in, cast, client, settings):
    sign_in(cast.nora)
    for fields in ({"name": "", "days": "30"}, {"name": "x", "days": "9999"}, {"name": "x" * 101, "days": "30"}):
        assert client.post("/portal/tokens/", fields).status_code == 400
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"api_token": "1/h/key"}
    assert [client.post("/portal/tokens/", {"name": name, "days": "30"}).status_code for name in "xy"] == [200, 429]
    assert ApiToken.objects.count() == 1
