"""Everybody visits every URL of the project, by every method.

Strangers find nothing, partners find only their own, agents no administration. The rounds also check that nobody changes anything by
viewing, and that every page follows the content policy: its own files only, no code in attributes.
"""

import re

import pytest

from tests.every_url.content_policy import violations
from tests.every_url.database_contents import contents, culprits
from tests.every_url.scene import INTERNAL, SECRETS
from tests.thorough import THOROUGH, share

# What needs no account. Anything new that is not listed here has to require a sign-in.
PUBLIC = {
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "confirmed",
    "confirm",
    "invitation",
    "mailbox",
    "mailbox_message",
    "mailbox_page",
    "api:health",
    "api:schema",
    "api:docs",
}
# Arguments that name a thing of a partner; the others name things that are the same for everybody.
NAMES_A_THING = {"number", "pk", "object_id", "serial", "party", "person", "invitation", "reseller", "end_user", "api_token", "partner"}
ESTATE = ("/api/v1/end-users/", "/api/v1/resellers/")
METHODS = ("get", "post")
API_METHODS = ("get", "post", "put", "patch", "delete") if THOROUGH else ("get", "post", "delete")


@pytest.fixture
def responses_for(every_address, visit, walker):
    """asked(user) yields (address, method, response) for every URL and method: first all are viewed, then the others are sent."""

    def go_round(user):
        client, token = walker(user)
        yield from view_all(every_address, visit, client, token)
        for address in share(every_address):
            for method in (API_METHODS if address.is_api else METHODS)[1:]:
                more = {"content_type": "application/json", **token} if address.is_api else {}
                yield address, method, visit(client, method, address.path, {}, **more)

    return go_round


def view_all(every_address, visit, client, token):
    """Every URL by GET. Nothing may change by that, and pages have to follow the browser policy."""
    before, wrong, pages, nonces = contents(), [], 0, set()
    for address in every_address:
        answer = visit(client, "get", address.path, keep=True, **(token if address.is_api else {}))
        if answer["Content-Type"].startswith("text/html"):
            pages += 1
            wrong += [(address.path, trouble) for trouble in violations(answer)]
            nonces.add(answer["Content-Security-Policy"])
        framed = answer.get("X-Frame-Options") != "DENY" and "pk" not in address.arguments
        shared = not re.search("private|no-store", answer.get("Cache-Control", ""))
        if framed or shared or answer["X-Content-Type-Options"] != "nosniff":
            wrong.append((address.path, "headers"))
        yield address, "get", answer
    if contents() != before:
        wrong += culprits(every_address, client, token)
    assert not wrong, "\n".join(map(str, wrong))
    assert len(nonces) == pages > 0


def found_in(text, words):
    """Return which of the words are in the text; digits are found with any characters between them."""
    joined = re.sub(r"(?<=\d)[\s\xa0.\-]+(?=\d)", "", text)
    return [word for word in words if word in text or word in joined]


def leaks_of(address, answer, words):
    """Return what the response reveals and should not; the API's description has examples whose number happens to be the cast's."""
    return [word for word in found_in(answer.text_body, words) if not (address.name == "api:schema" and word == "498981000")]


def names_a_thing(address):
    return bool(NAMES_A_THING & set(address.arguments)) or (address.path.startswith(ESTATE) and bool(address.arguments))


def test_anonymous_visitors_are_asked_to_sign_in(responses_for, scene):
    wrong = []
    for address, method, answer in responses_for(None):
        if address.name in PUBLIC:
            if not {scene.link, scene.invited} & set(address.arguments.values()) and leaks_of(address, answer, SECRETS):
                wrong.append((method, address.path, "tells of Nord"))
            continue
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/account/login/")
        refused = answer.status_code in ((401, 405) if address.is_api else (405,))
        if not (to_sign_in or refused) or found_in(answer.text_body, SECRETS):
            wrong.append((method, address.path, answer.status_code, answer.get("Location")))
    assert not wrong, "\n".join(map(str, wrong))


def other_partner_finds_nothing(responses_for, scene):
    """Sud's contact is a stranger to everything of Nord's."""
    wrong = []
    for address, method, answer in responses_for(scene.sara):
        if address.name in ("confirm", "invitation"):
            continue  # the holder of the link is the party, whoever is signed in
        hidden = names_a_thing(address) or address.path.startswith(("/desk/", "/admin/"))
        if hidden and answer.status_code not in (404, 405):
            wrong.append((method, address.path, answer.status_code))
        if leaks := leaks_of(address, answer, (*SECRETS, *INTERNAL)):
            wrong.append((method, address.path, leaks))
    assert not wrong, "\n".join(map(str, wrong))


def own_contact_sees_nothing_internal(responses_for, scene):
    """Nord's contact sees Nord's data, and nothing that is internal to staff."""
    wrong, seen = [], set()
    for address, method, answer in responses_for(scene.nora):
        if address.path.startswith(("/desk/", "/admin/")) and answer.status_code not in (404, 405):
            wrong.append((method, address.path, answer.status_code))
        if address.arguments.get("pk") == scene.inside.pk and answer.status_code not in (404, 405):
            wrong.append((method, address.path, answer.status_code))
        if leaks := found_in(answer.text_body, INTERNAL):
            wrong.append((method, address.path, leaks))
        seen |= set(found_in(answer.text_body, SECRETS))
    assert not wrong, "\n".join(map(str, wrong))
    # Nothing could leak if there was nothing to see.
    assert {"Quillfeather", "498981000", "SN-OWNED", "PBX-FREE", "INV-NORD", "paper-for-all"} <= seen


def agent_sees_the_desk_but_no_administration(responses_for, scene):
    """An agent sees the desk with its internal matters, and no administration."""
    wrong, seen = [], set()
    for address, method, answer in responses_for(scene.agent):
        if address.path.startswith("/admin/") and answer.status_code not in (404, 405):
            wrong.append((method, address.path, answer.status_code))
        if address.path.startswith("/portal/") and names_a_thing(address) and answer.status_code not in (302, 405):
            wrong.append((method, address.path, answer.status_code))
        if address.name.startswith("desk:") and method == "get" and answer.status_code not in (200, 204, 404, 405):
            wrong.append((method, address.path, answer.status_code))
        seen |= set(found_in(answer.text_body, INTERNAL))
    assert not wrong, "\n".join(map(str, wrong))
    assert {"Zanzibar", "inside-view"} <= seen


def admin_breaks_no_page(responses_for, scene):
    """Wherever an administrator goes, no page fails."""
    broken = [(method, a.path, r.status_code) for a, method, r in responses_for(scene.admin) if r.status_code >= 500]
    assert [row for row in broken if row[1] != "/api/v1/health/"] == []


ROUNDS = (
    other_partner_finds_nothing,
    own_contact_sees_nothing_internal,
    agent_sees_the_desk_but_no_administration,
    admin_breaks_no_page,
)


@pytest.mark.parametrize("go_round", share(ROUNDS, 4), ids=lambda check: check.__name__)
def test_access_by_role(go_round, responses_for, scene):
    go_round(responses_for, scene)


def test_deactivated_user_is_treated_as_anonymous(every_address, visit, walker, scene):
    client, token = walker(scene.nora)
    scene.nora.is_active = False
    scene.nora.save()
    assert visit(client, "get", f"/portal/requests/{scene.said.pk}/").status_code == 302
    if any(address.is_api for address in every_address):
        assert visit(client, "get", "/api/v1/tickets/", **token).status_code == 401


def test_content_comparison_detects_a_change(scene):
    before = contents()
    scene.nord.save()  # the same values, written again
    assert contents() != before


def test_mailbox_page_exists_only_in_the_demo(visit, walker, scene, settings):
    settings.DEMO = False
    for user in (None, scene.nora, scene.admin):
        assert visit(walker(user)[0], "get", "/mailbox/").status_code == 404
