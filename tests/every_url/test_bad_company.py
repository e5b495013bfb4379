"""Whatever is sent with the forms about a company, nothing breaks and no odd values are stored."""

import pytest

from partners.models import ApiToken, Invitation, Reseller
from tests.every_url import bad_input
from tests.thorough import share
from webhooks.models import Webhook


def forms(s):
    """Return (path, {field: valid value}) of every form that partners manage themselves with."""
    person, reseller, end_user = s.nora.pk, s.north_reseller.pk, s.bakery.pk
    return (
        ("/portal/team/invite/", {"full_name": "Quinn", "email": "q@nord.example", "label": ""}),
        (f"/portal/team/{person}/", {"full_name": "Quinn", "label": "accountant"}),
        ("/portal/resellers/", {"name": "Flensburg", "email": ""}),
        (f"/portal/resellers/{reseller}/", {"name": "Flensburg", "email": ""}),
        (f"/portal/resellers/{reseller}/delete/", {"typed": "Kiel IT"}),
        (f"/portal/customers/{end_user}/", {"reseller": ""}),
        ("/portal/tokens/", {"name": "Script", "days": "30"}),
        ("/portal/webhooks/", {"url": "https://nord.example/in"}),
        (f"/account/invitation/{s.invited}/", {"password1": "a long enough secret", "password2": "a long enough secret"}),
    )


@pytest.mark.thorough
def test_no_body_breaks_a_company_form(visit, walker, scene, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    client, wrong = walker(scene.nora)[0], []
    before = [model.objects.count() for model in (Invitation, Reseller, ApiToken, Webhook)]
    for path, good in forms(scene):
        for field in good:
            for text in (*share(bad_input.ODD, 8), bad_input.NUL):
                sent = good | {field: text.encode("utf-8", "replace").decode()}
                status = visit(client, "post", path, sent).status_code
                wrong += [(path, field, text[:20], status)] if status not in (200, 302, 400, 404) else []
    assert wrong == []
    assert [model.objects.count() for model in (Invitation, Reseller, ApiToken, Webhook)] == before


def test_no_search_or_id_breaks_a_company_page(visit, walker, scene):
    client, agent = walker(scene.nora)[0], walker(scene.agent)[0]
    for text in (bad_input.NUL, bad_input.HUGE, "%", "٠١", "x" * 10_000):
        for who, path in ((client, "/portal/resellers/"), (client, "/portal/customers/"), (agent, "/desk/accounts/")):
            assert visit(who, "get", path, {"q": text, "reseller": text}).status_code == 200
            assert visit(who, "get", path, {"after": text}).status_code == 404
        assert visit(client, "get", "/portal/team/", {"sort": text}).status_code == 200
    for who, place in ((client, "portal/team"), (client, "portal/resellers"), (client, "portal/customers"), (agent, "desk/partners")):
        assert visit(who, "get", f"/{place}/{bad_input.HUGE}/{'team/' if who is agent else ''}").status_code == 404
    assert visit(client, "get", f"/account/invitation/{bad_input.HUGE}/").status_code == 404
