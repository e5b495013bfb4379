"""Nobody changes anything by looking: links are followed by mail scanners, previews and browsers that guess ahead."""

import pytest
from django.db import connection

from tests.thorough import share

pytestmark = pytest.mark.django_db

# Counts of attempts (sign-in limits) live there, and looking at a limited page is an attempt.
MAY_CHANGE = {"cache_entries"}


def contents():
    """{table: number of rows and a digest of them}; rows that were written again with the same values differ, too."""
    tables = sorted(set(connection.introspection.table_names()) - MAY_CHANGE)
    each = " UNION ALL ".join(
        f"SELECT '{table}', count(*), md5(coalesce(string_agg(t.ctid::text || t::text, '|' ORDER BY t.ctid), '')) FROM \"{table}\" t"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(each)
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}


@pytest.mark.parametrize("who", share(["nora", "nobody", "admin", "agent"], of=2))
def test_no_get_changes_a_row(every_address, walker, scene, who):
    client, token = walker(getattr(scene, who, None))
    before = contents()
    for address in every_address:
        list(client.get(address.path, **(token if address.is_api else {})))
        if "logout" in address.path and who != "nobody":
            assert client.session.get("_auth_user_id"), f"GET {address.path} signs out"
    if contents() != before:
        pytest.fail("\n".join(map(str, culprits(every_address, client, token))))


def culprits(every_address, client, token):
    """Which addresses change which tables; asked only when there is something to find, because it costs."""
    before = contents()
    for address in every_address:
        list(client.get(address.path, **(token if address.is_api else {})))
        after = contents()
        if after != before:
            yield address.path, [table for table in after if after[table] != before.get(table)]
        before = after


def test_the_comparison_sees_a_change(scene):
    before = contents()
    scene.nord.save()  # the same values, written again
    assert contents() != before
