"""The benchmark sends requests as people and programs do: the users it signs in have access."""

from bench.calls import bearer, signed_in


def test_benchmark_users_are_signed_in(cast, client):
    assert client.get("/desk/", headers=signed_in(cast.agent)).status_code == 200
    assert client.get("/api/v1/account/", headers=bearer(cast.nora)).status_code == 200
    assert client.get("/desk/").status_code == 302
