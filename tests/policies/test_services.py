"""Adding dated values: who may, from when, and that nothing is ever changed afterwards."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from policies.models import PolicyValue
from policies.services import add_value
from tests.interleaving import meanwhile

TODAY = datetime.date(2026, 11, 18)
MARCH = datetime.date(2027, 3, 1)


def add(user, code="did.minimum_term_months", valid_from=MARCH, value="7 months", note="Longer carrier contracts", **more):
    return add_value(code, valid_from, value, note, user, TODAY, **more)


def test_value_applies_from_its_day(admin, django_assert_num_queries):
    add(admin)
    for day, words in ((datetime.date(2027, 2, 28), "6 months"), (MARCH, "7 months"), (datetime.date(2027, 3, 2), "7 months")):
        with django_assert_num_queries(1):
            book = PolicyValue.objects.book(on=day)
            assert book.cite("did.minimum_term_months") == {"did.minimum_term_months": words}


def test_value_is_stored_with_author_and_reason(admin):
    row = PolicyValue.objects.get(pk=add(admin, value="0007", note="  Longer contracts  ").pk)
    assert (row.value, row.note, row.set_by, row.basis) == ("7 months", "Longer contracts", admin, "")


def test_value_may_start_today(admin):
    add(admin, valid_from=TODAY)
    assert PolicyValue.objects.book(on=TODAY).cite("did.minimum_term_months") == {"did.minimum_term_months": "7 months"}


@pytest.mark.django_db(transaction=True)
def test_same_value_added_by_two_at_the_same_moment_is_added_once(admin, second):
    row, refusal = meanwhile(lambda: add(admin), "INSERT INTO", lambda: add(second, note="So do I"))
    assert PolicyValue.objects.get() == row
    assert refusal.message_dict == {"value": ["This is already the value from that day."]}


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"code": "no.such_policy"}, "code", "no policy value"),
        ({"valid_from": datetime.date(2026, 11, 17)}, "valid_from", "today"),
        ({"valid_from": datetime.date(2107, 3, 1)}, "valid_from", "too far ahead"),
        ({"valid_from": None}, "valid_from", "Enter the date"),
        ({"value": "seven"}, "value", "a number and a unit"),
        ({"value": "6 months"}, "value", "already the value"),
        ({"note": " "}, "note", "why the value changes"),
        ({"note": "x" * 501}, "note", "500"),
        ({"note": "nul\x00"}, "note", "500"),
        ({"basis": "invoice"}, "basis", "date of the request or of the origin"),
        ({"code": "fee.did_transfer", "value": "60", "basis": "origin"}, "basis", "date of the request only"),
    ],
)
def test_invalid_value_is_rejected_at_its_field(admin, changes, field, why):
    with pytest.raises(ValidationError) as refusal:
        add(admin, **changes)
    assert list(refusal.value.message_dict) == [field]
    assert why in refusal.value.message_dict[field][0]
    assert not PolicyValue.objects.exists()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"valid_from": datetime.date(2020, 1, 1), "value": "", "note": ""}, {"valid_from", "value", "note"}),
        ({"value": "6 months", "note": ""}, {"value", "note"}),
    ],
)
def test_all_errors_are_reported_together(admin, changes, fields):
    with pytest.raises(ValidationError) as refusal:
        add(admin, **changes)
    assert set(refusal.value.message_dict) == fields


@pytest.mark.parametrize("person", ["agent", "contact"])
def test_only_administrators_can_add_values(person, request):
    with pytest.raises(PermissionDenied):
        add(request.getfixturevalue(person))


def test_deactivated_administrator_cannot_add_values(admin):
    admin.is_active = False
    with pytest.raises(PermissionDenied):
        add(admin)


def test_announced_value_is_replaced_by_another_for_its_day(admin):
    add(admin)
    add(admin, value="6 months", note="The carrier changed its mind")
    assert PolicyValue.objects.book(on=MARCH).cite("did.minimum_term_months") == {"did.minimum_term_months": "6 months"}


def test_same_value_may_change_its_basis(admin):
    row = add(admin, value="6 months", basis="origin")
    assert PolicyValue.objects.book(on=MARCH).dated(row.code, origin=MARCH).basis == "origin"


@pytest.mark.parametrize("change", [lambda rows: rows.update(note="Oops"), lambda rows: rows.delete()])
def test_database_prevents_changing_or_deleting_a_value(admin, change):
    row = add(admin)
    with pytest.raises(DatabaseError, match="added, never changed"), transaction.atomic():
        change(PolicyValue.objects.filter(pk=row.pk))
    assert PolicyValue.objects.get(pk=row.pk).note == row.note


@pytest.mark.parametrize("nonsense", [{"note": ""}, {"basis": "whim"}])
def test_database_rejects_incomplete_values(admin, nonsense):
    row = {"code": "fee.did_transfer", "valid_from": MARCH, "value": "60.00", "note": "Why", "set_by": admin} | nonsense
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyValue.objects.create(**row)
