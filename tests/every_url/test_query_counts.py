"""Pages send the database a fixed number of queries, however many rows they show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.models import PolicyValue
from tests.every_url import scene as scenes
from tests.thorough import share
from tickets import eligibility
from tickets.fields import AssetPicker
from tickets.types import TYPES

# The most queries each page may send; a page that needs more has to earn it here.
PAGES = {
    "nora /portal/": 8,
    "nora /portal/search/?q=49898": 12,
    "nora /portal/search/?q=quillfeather": 12,
    "nora /portal/search/?q=inv-": 12,
    "nora /portal/requests/": 6,
    "nora /portal/requests/?show=running": 6,
    "nora /portal/requests/?q=quillfeather": 6,
    "nora /portal/requests.csv": 6,
    "nora /portal/requests/new/": 5,
    "nora /portal/numbers/": 6,
    "nora /portal/numbers/?q=49898": 6,
    "nora /portal/numbers/?status=active": 6,
    "nora /portal/numbers.csv": 6,
    "nora /portal/devices/": 7,
    "nora /portal/devices.csv": 4,
    "nora /portal/pbxs/": 7,
    "nora /portal/pbxs.csv": 6,
    "nora /portal/account/": 12,
    "nora /portal/team/": 7,
    "nora /portal/resellers/": 7,
    "nora /portal/customers/": 5,
    "nora /portal/tokens/": 5,
    "nora /portal/webhooks/": 3,
    "nora /portal/webhooks/{webhook}/": 4,
    "nora /portal/pbxs/PBX-FREE/": 11,
    "nora /portal/pbxs/PBX-FREE/move/": 11,
    "nora /portal/expirations/": 7,
    "nora /portal/expirations/?kind=commitment": 7,
    "nora /portal/expirations.csv": 5,
    "nora /portal/lifetime/": 8,
    "nora /portal/lifetime.csv": 7,
    "nora /portal/requests/{said}/": 12,
    "nora /portal/requests/{sent_back}/": 12,
    "nora /portal/requests/{moved}/": 12,
    "nora /portal/requests/new/did_cancel/": 8,
    "nora /portal/requests/new/rma/": 8,
    "nora /portal/requests/new/reseller_transfer/": 8,
    "nora /portal/requests/new/did_cancel/choose/dids/": 8,
    "agent /desk/": 12,
    "agent /desk/?view=all": 12,
    "agent /desk/partners/": 12,
    "agent /desk/?q=quillfeather": 12,
    "agent /desk/?view=all&owner=me&type=did_cancel&order=due": 12,
    "agent /desk/?q=PBX-FREE": 12,
    "agent /desk/{said}/preview/": 6,
    "agent /desk/filters/?partner=NORD": 10,
    "agent /desk/new/?partner=NORD": 12,
    "agent /desk/expirations/?partner=NORD": 8,
    "agent /desk/lifetime/": 9,
    "agent /desk/team/": 8,
    "agent /desk/{said}/": 12,
    "agent /desk/{sent_back}/": 12,
    "agent /desk/{moved}/": 12,
}
CHECKS = {
    "did_cancel": ({"dids": ["+498981000400", "+49898100050X"]}, 8),
    "rma": ({"serial": "SN-BASE", "kind": "warranty", "replacement": "new"}, 8),
    "porting_date_change": ({"did": "+498981000403", "requested_date": "2027-01-20"}, 8),
    "reseller_transfer": ({"reseller": "R-NORD", "new_partner": "ALBION"}, 8),
    "did_transfer": ({"dids": ["+498981000400", "+49898100050X"], "target_pbx": "PBX-FREE"}, 11),
    "emergency_activation": ({"locations-0-did": "+498981000400", "locations-0-user_name": "Erika", "locations-0-street": "Am Markt 1"}, 9),
    "special_number_access": ({"pbx": "PBX-FREE", "numbers": "116117", "purpose": "The reception calls them."}, 8),
    "did_migration_code": ({"did": "+498981000400"}, 8),
}


def queries_of(client, method, path, data=None):
    with CaptureQueriesContext(connection) as asked:
        answer = getattr(client, method)(path, data)
        b"".join(answer)
    assert answer.status_code == 200, (path, answer.status_code)
    return [q["sql"] for q in asked.captured_queries]


@pytest.fixture
def numbered(scene):
    return {name: getattr(scene, name).pk for name in ("said", "ported", "sent_back", "moved", "webhook")}


def measured(walker, scene, numbered):
    counts = {}
    for page in share(PAGES):
        who, path = page.format(**numbered).split(" ", 1)
        counts[page] = queries_of(walker(getattr(scene, who))[0], "get", path)
    return counts


def test_page_query_count_does_not_grow_with_rows(walker, scene, numbered):
    measured(walker, scene, numbered)  # what is cached on the first visit is not counted
    scenes.more_rows(scene, 1)
    few = measured(walker, scene, numbered)
    scenes.more_rows(scene, 2, 3)
    many = measured(walker, scene, numbered)
    grown = {page: (len(few[page]), len(many[page])) for page in few if len(few[page]) != len(many[page])}
    assert not grown, grown
    over = {page: (len(many[page]), most) for page, most in PAGES.items() if page in many and len(many[page]) > most}
    assert not over, over


def picker_query_counts(scene):
    """Return the number of queries for the list of each picker, of every type."""
    book, counts = PolicyValue.objects.book(on=scene.today), {}
    for code, kind in TYPES.items():
        for name in (name for name, field in kind.form.base_fields.items() if isinstance(field.widget, AssetPicker)):
            form = kind.form(partner=scene.nord)
            with CaptureQueriesContext(connection) as asked:
                eligibility.listed(kind, form, name, query="", chosen=[], book=book, today=scene.today)
            counts[f"{code}: {name}"] = len(asked)
    return counts


def test_picker_query_count_does_not_grow_with_rows(scene):
    picker_query_counts(scene)  # what is cached on the first visit is not counted
    few = picker_query_counts(scene)
    scenes.more_rows(scene, 1, 2, 3)
    grown = {picker: (few[picker], count) for picker, count in picker_query_counts(scene).items() if count != few[picker]}
    assert not grown, f"{grown}: the `facts=` of a field name the related rows that the rules look at"


@pytest.mark.parametrize("code", CHECKS)
def test_live_check_stays_within_its_query_limit(client, scene, code):
    fields, most = CHECKS[code]
    client.force_login(scene.nora)
    path = f"/portal/requests/new/{code}/check/"
    queries_of(client, "post", path, fields)
    assert len(queries_of(client, "post", path, fields)) <= most


def test_live_check_takes_as_many_queries_for_twenty_numbers_as_for_two(client, scene):
    from tests.cast import make_did

    client.force_login(scene.nora)
    numbers = [make_did(f"+4989810070{place:02}", scene.pbx, activated_on=scene.did.activated_on).number for place in range(20)]
    path = "/portal/requests/new/did_cancel/check/"
    few = queries_of(client, "post", path, {"dids": numbers[:2]})
    assert len(queries_of(client, "post", path, {"dids": numbers})) == len(few)
