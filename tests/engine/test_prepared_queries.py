"""Prepared queries return what the plain querysets return, for different values each time and on every connection."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.db.transaction import TransactionManagementError

from classound.models import Did
from engine.prepared_queries import Parameter, PreparedQuery, cache_related, prefetch
from partners.access import Reader, visible_rows
from partners.models import User
from pbx.models import ConsoleReport, Licence, Pbx
from tests.cast import make_pbx
from tests.tickets.actions import ask
from tickets.models import Ticket

SEEN = PreparedQuery(lambda is_care: _with_people(Ticket.objects.visible_to(Reader(is_care)).filter(status=Parameter("status"))))


def _with_people(tickets):
    return tickets.select_related("partner", "requester", "assignee").defer("search").annotate(events_told=Count("events")).order_by("pk")


def values(row):
    """Return all columns of a row, including those of the joined rows."""
    beside = {name: one and values(one) for name, one in row._state.fields_cache.items()}
    return {name: value for name, value in vars(row).items() if not name.startswith("_")} | beside


def test_prepared_rows_equal_the_queryset_for_each_user(cast, now):
    tickets = [ask(cast.nora, "did_cancel", now, dids=[cast.did.number]), ask(cast.sara, "general_question", now, **QUESTION)]
    Ticket.objects.filter(pk=tickets[0].pk).update(assignee=cast.agent)
    for person, status, found in ((cast.agent, "new", 2), (cast.nora, "new", 1), (cast.sara, "new", 1), (cast.agent, "closed", 0)):
        plain = list(_with_people(Ticket.objects.visible_to(person).filter(status=status)))
        prepared = visible_rows(person, SEEN, status=status)
        assert [values(row) for row in prepared] == [values(row) for row in plain] and len(plain) == found
        assert [row.get_deferred_fields() for row in prepared] == [{"search"}] * found
    cast.nora.is_active = False
    assert visible_rows(cast.nora, SEEN, status="new") == []


QUESTION = {"topic": "Billing", "subject": "An invoice", "message": "Where can we find the invoice of the last month, please?"}


def test_query_is_built_once_and_executed_once_per_call(cast, django_assert_num_queries):
    built = []
    among = PreparedQuery(lambda: built.append(1) or User.objects.filter(email__among=Parameter("emails")).order_by("pk"))
    with django_assert_num_queries(3):
        assert among(emails=[cast.nora.email, cast.sara.email]) == [cast.nora, cast.sara]
        assert among.first(emails=[cast.sara.email]) == cast.sara
        assert among.first(emails=[]) is None
    assert built == [1]
    with pytest.raises(KeyError):
        among()


def test_read_ahead_equals_prefetch_related(cast, django_assert_num_queries):
    path = ("porting_changes", "pbx__commitments", "pbx__end_user__pbxs__licences")
    plain = list(Did.objects.prefetch_related("pbx__end_user", *path).order_by("pk"))
    ahead = list(Did.objects.order_by("pk"))
    with django_assert_num_queries(6):
        prefetch(ahead, *path)
    with django_assert_num_queries(0):
        for one, other in zip(plain, ahead, strict=True):
            assert list(one.porting_changes.all()) == list(other.porting_changes.all())
            assert list(one.pbx.commitments.all()) == list(other.pbx.commitments.all())
            assert [list(p.licences.all()) for p in one.pbx.end_user.pbxs.all()] == [
                list(p.licences.all()) for p in other.pbx.end_user.pbxs.all()
            ]
        assert any(did.pbx.commitments.all() for did in ahead)
        assert all(commitment.pbx is did.pbx for did in ahead for commitment in did.pbx.commitments.all())
    assert ahead[0].pbx.commitments.filter(pk=0).count() == 0
    prefetch([], *path)


def test_read_ahead_reads_no_unrelated_rows(cast):
    read = []

    def count(execute, sql, params, many, context):
        execute(sql, params, many, context)
        read.append(context["cursor"].rowcount)

    licence = Licence.objects.create(pbx=cast.pbx, licence_type="business", quantity=1, monthly_price=11)
    with connection.execute_wrapper(count):
        prefetch([Licence.objects.get(pk=licence.pk)], "pbx__licences")
    assert read == [1, 1, 1]


def test_read_ahead_reuses_a_row_on_a_circular_path(cast, django_assert_num_queries):
    licence = Licence.objects.create(pbx=cast.pbx, licence_type="business", quantity=1, monthly_price=11)
    pbx = Pbx.objects.get(pk=cast.pbx.pk)
    with django_assert_num_queries(3):
        prefetch([pbx], "end_user__pbxs__licences", "licences")
    with django_assert_num_queries(0):
        assert [one.pk for one in pbx.end_user.pbxs.all() if one is pbx] == [pbx.pk] and len(pbx.end_user.pbxs.all()) > 1
        assert list(pbx.licences.all()) == [licence]


def test_read_ahead_follows_reverse_one_to_one(cast, now, django_assert_num_queries):
    for serial in ("PBX-TOLD", "PBX-SILENT"):
        make_pbx(serial, cast.bakery, cast.today, wms_role="client", wms_server=cast.pbx)
    ConsoleReport.objects.create(pbx=Pbx.objects.get(serial="PBX-TOLD"), registered_users=3, reported_at=now)
    server, alone = Pbx.objects.get(pk=cast.pbx.pk), Pbx.objects.exclude(pk=cast.pbx.pk).filter(wms_server=None).first()
    with django_assert_num_queries(2):
        prefetch([server, alone], "wms_clients__console")
    with django_assert_num_queries(0):
        told, silent = sorted(server.wms_clients.all(), key=lambda client: not hasattr(client, "console"))
        assert told.console.registered_users == 3 and told.console.pbx is told
        assert not hasattr(silent, "console") and not alone.wms_clients.all()


@pytest.mark.django_db(transaction=True)
def test_select_for_update_requires_a_transaction(cast):
    locked = PreparedQuery(lambda: Pbx.objects.select_for_update().order_by("pk"))
    with transaction.atomic():
        assert locked()
    with pytest.raises(TransactionManagementError):
        locked()


def test_repeated_query_shares_one_plan_for_different_values(cast):
    """Bound by the server, unlike in the tests that count queries: there the client binds them, to be readable."""
    planned = PreparedQuery(
        lambda: Pbx.objects.filter(pk__among=Parameter("keys"), serial__lte=Parameter("until")).exclude(serial="100%").order_by("pk")[:3],
        by_key=True,
    )
    keys = list(Pbx.objects.order_by("pk").values_list("pk", flat=True))
    far = 2**31 + 5  # eight bytes, where the earlier ones had two
    make_pbx("FAR", cast.bakery, cast.today)
    Pbx.objects.filter(serial="FAR").update(id=far)
    for number in range(9):
        asked = {"keys": [keys[number % 2], far], "until": "~"}
        assert [row.pk for row in planned(**asked)] == [keys[number % 2], far]
        assert planned(keys=[], until="~") == planned(keys=keys, until="") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%pbx_pbx%'")
        found = [(statement.count("$"), anew) for statement, anew in cursor.fetchall()]
        assert found == [(2, 0)] * 3, "one for each size of number, none for fixed values, and never planned anew"


@pytest.mark.django_db(transaction=True)
def test_each_thread_uses_its_own_connection(cast):
    question = PreparedQuery(lambda: Pbx.objects.filter(pk__among=Parameter("keys")).order_by("pk"), by_key=True)
    keys = list(Pbx.objects.order_by("pk").values_list("pk", flat=True))
    here = question(keys=keys)

    def there():
        try:
            return question(keys=keys)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(there).result() == here and here


def test_known_rows_need_no_query_but_further_filters_run_one(cast, django_assert_num_queries):
    pbx, other = cast.pbx, cast.winery_pbx
    dids = list(Did.objects.filter(pbx=pbx))
    cache_related(pbx, "dids", dids)
    with django_assert_num_queries(0):
        assert list(pbx.dids.all()) == dids and len(pbx.dids.all()) == len(dids) and pbx.dids.all().exists()
        assert all(did.pbx is pbx for did in pbx.dids.all())
    Did.objects.filter(pk=dids[0].pk).update(pbx=other)
    assert dids[0] not in pbx.dids.filter(kind=dids[0].kind) and dids[0] not in pbx.dids.of_partner(cast.nord)
    assert list(pbx.dids.all()) == dids
