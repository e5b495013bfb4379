"""Whatever a URL contains, the response is a page, a list or a 404, and never a server error."""

import re
from urllib.parse import quote, unquote

import pytest

from tests.cast import make_did
from tests.every_url.bad_input import ODD, RAW, WORST
from tests.thorough import share

# Every list and every page that reads its query string, with the keys it knows (and some it does not).
LISTS = {
    "nora /portal/search/": ("q",),
    "nora /portal/requests.csv": ("q", "show", "type"),
    "nora /portal/requests/": ("q", "before", "after", "type", "topic", "status", "show", "page", "ordering"),
    "nora /portal/numbers/": ("q", "status", "before", "after"),
    "nora /portal/numbers.csv": ("q", "status"),
    "nora /portal/devices/": ("q", "state", "before", "after"),
    "nora /portal/pbxs/": ("q", "term", "before", "after"),
    "nora /portal/account/": ("before", "after", "documents_before", "documents_after"),
    "nora /portal/requests/new/did_cancel/": ("dids", "reason", "message", "partner"),
    "nora /portal/requests/new/porting_date_change/": ("did", "requested_date"),
    "nora /portal/requests/new/rma/": ("serial", "kind", "replacement"),
    "nora /portal/requests/new/reseller_transfer/": ("reseller", "new_partner"),
    "nora /portal/requests/new/did_cancel/choose/dids/": ("q", "dids"),
    "nora /portal/requests/new/rma/choose/serial/": ("q", "serial"),
    "nora /confirm/done/": ("decision",),
    "agent /desk/": (
        *("q", "before", "after", "view", "type", "topic", "partner", "owner", "status", "priority", "waiting_for", "outcome", "fee"),
        *("tag", "created_from", "created_to", "updated_from", "due_to", "order", "saved"),
    ),
    "agent /desk/fresh/": ("since", "seen", "q", "partner", "due_from", "order"),
    "agent /desk/filters/": ("q", "partner", "owner", "created_from", "order", "saved"),
    "agent /desk/partners/": ("partner",),
    "agent /desk/new/": ("partner",),
    "agent /portal/requests/new/did_cancel/": ("partner", "dids"),
    "admin /admin/partners/user/": ("q", "p", "o", "all", "e", "role__exact", "is_active__exact", "partner__code"),
    "admin /admin/partners/partner/": ("q", "p", "region__exact"),
    "admin /admin/classound/did/": ("q", "p", "o", "status__exact"),
    "admin /admin/hwaas/device/": ("q", "p", "o"),
    "admin /admin/billing/ledgerentry/": ("q", "p"),
    "nobody /account/login/": ("next",),
}
MAY_BE = (200, 204, 302, 400, 404, 422)  # 204: a page that polls for news; 422: a search for too much


@pytest.mark.parametrize("who", ("nora", "agent", "admin", "nobody"))
def test_no_query_breaks_a_page(who, visit, walker, scene):
    client, _token = walker(getattr(scene, who, None))
    wrong = []
    own = [(page.split(" ", 1)[1], keys) for page, keys in LISTS.items() if page.startswith(f"{who} ")]
    for path, keys in share(own, 6):
        wrong += broken(client, visit, path, keys, who)
    assert not wrong, "\n".join(map(str, wrong))


def broken(client, visit, path, keys, who):
    """Return the queries that this page does not answer properly."""
    wrong = []
    for query in queries(keys):
        if who == "agent" and path.startswith("/portal/") and "partner=" not in query:
            query += "&partner=NORD"
        try:
            answer = visit(client, "get", f"{path}?{query}")
        except AssertionError as error:
            wrong.append(str(error)[:300])
            continue
        if answer.status_code not in MAY_BE or "\n" in answer.get("Location", ""):
            wrong.append((answer.status_code, path, query[:100]))
    return wrong


def queries(keys):
    """Yield every odd text for all keys at once, the worst for each key alone, keys repeated, without values and far too often."""
    for text in dict.fromkeys((*(quote(text, errors="surrogatepass") for text in share(ODD, 8)), *share(RAW, 4))):
        yield "&".join(f"{key}={text}" for key in keys)
    for key in keys:
        yield from (f"{key}={quote(text)}" for text in share(WORST))
    yield "&".join(f"{key}=a&{key}=b&{key}[]=1&{key}[$ne]=1&{key}" for key in keys)
    yield "&".join([f"{keys[0]}=1"] * 900)


def cursor_of(client, path):
    """Return the signed cursor in the link to older rows on a page."""
    return unquote(re.search(r"after=([^\"&]+)", client.get(path).content.decode())[1])


def test_list_cursor_cannot_be_forged(client, visit, scene):
    """The cursor is signed: any change of it is a 404, and a cursor of one list is invalid in another."""
    for place in range(60):
        make_did(f"+4989810080{place:02}", scene.pbx)
    client.force_login(scene.nora)
    place = cursor_of(client, "/portal/numbers/")
    assert visit(client, "get", f"/portal/numbers/?after={place}").status_code == 200
    for changed in (place[:-1], place + "A", place[1:], "A" + place, place.replace(":", ""), place.partition(":")[0]):
        assert visit(client, "get", f"/portal/numbers/?after={changed}").status_code == 404, changed
    for other in ("/portal/requests/", "/portal/account/", "/portal/devices/"):
        assert visit(client, "get", f"{other}?after={place}").status_code in (200, 404), other


def test_no_path_breaks_a_page(visit, walker, scene):
    shapes = {
        "nora": ("/portal/requests/{}/", "/portal/requests/new/{}/", "/portal/requests/new/did_cancel/choose/{}/", "/attachments/{}/"),
        "agent": ("/desk/{}/", "/desk/{}/progress/"),
        "admin": (
            "/admin/policies/policyvalue/{}/",
            "/admin/policies/policyvalue/{}/new/",
            "/admin/partners/user/{}/change/",
            "/admin/{}/",
        ),
        "nobody": ("/confirm/{}/", "/mailbox/{}/", "/account/password/reset/{}-{}/", "/{}/"),
    }
    odd = [quote(text, safe="", errors="surrogatepass") for text in share(ODD, 8)]
    for who, paths in shapes.items():
        client, _token = walker(getattr(scene, who, None))
        for path in (shape.replace("{}", raw) for shape in paths for raw in odd):
            assert visit(client, "get", path).status_code in MAY_BE, path
