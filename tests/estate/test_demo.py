"""The demo estate: valid on any day, the same on the same day, and with something to show for every rule."""

import datetime

import pytest
from dateutil.relativedelta import relativedelta as span
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Count

from billing.models import LedgerEntry
from billing.tasks import post_bonuses
from classound.models import Call, Did
from estate import demo
from estate.demo.systems import is_kept_long_enough
from estate.tables import TABLES
from hwaas.models import Device, Item, Order
from partners.models import EndUser, Partner, Reseller, User
from pbx.models import Commitment, Pbx
from policies.days import add_business_days
from tests.thorough import share
from tests.tickets.actions import bound_form
from tickets.services.submission import judge
from tickets.types import TYPES


@pytest.fixture
def play(today):
    """The stage here is the demo estate."""
    return ("demo", today), lambda: demo.load(today) or "loaded"


@pytest.fixture
def loaded(cast):
    """The demo estate, in place."""


def test_same_day_gives_the_same_rows(today):
    assert demo.files(today) == demo.files(today)


@pytest.mark.thorough
@pytest.mark.parametrize("day", ["2024-02-29", "2026-08-31", "2026-12-31", "2027-01-01"])
def test_demo_loads_on_any_day(day, loaded):
    demo.load(datetime.date.fromisoformat(day))
    assert Pbx.objects.count() == 100


def test_written_demo_equals_the_loaded_demo(loaded, today, tmp_path, capsys):
    demo.write(tmp_path / "estate", today)
    call_command("import_estate", tmp_path / "estate")
    assert "No changes" in capsys.readouterr().out


@pytest.mark.thorough
def test_every_row_passes_model_validation(loaded):
    """Constraints and foreign keys are left out: the database has already checked them."""
    wrong = []
    for table in TABLES:
        references = {field.name for field in table.model._meta.concrete_fields if field.is_relation}
        for row in table.model.objects.all()[:60]:
            try:
                row.full_clean(exclude=references, validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                wrong.append((table.file, row, error.message_dict))
    assert not wrong


def test_bonuses_were_posted_after_their_months(loaded):
    kept, lost = (LedgerEntry.objects.filter(partner__code=code, fee__startswith="bonus.").order_by("pk") for code in ("DEMO1", "DEMO2"))
    assert [(entry.fee, f"{entry.created_at:%Y-%m-%d}") for entry in kept[:2]] == [
        ("bonus.credit:2022-03", "2022-04-01"),
        ("bonus.credit:2022-04", "2022-05-01"),
    ]
    assert {entry.created_at.date() for entry in lost if entry.fee.startswith("bonus.withdrawal")} == {datetime.date(2023, 3, 1)}
    assert sum(entry.amount for entry in lost) == 0 > sum(entry.amount for entry in kept)
    posted = LedgerEntry.objects.count()
    post_bonuses()
    assert LedgerEntry.objects.count() == posted


def test_demo_covers_regions_terms_and_roles(loaded):
    assert set(Partner.objects.values_list("region", flat=True)) == {"US", "UK", "EU", "OTHER"}
    assert (Reseller.objects.count(), EndUser.objects.count(), Did.objects.count(), Device.objects.count()) == (20, 80, 400, 600)
    assert set(Pbx.objects.values_list("term", flat=True)) == {"1m", "1y", "5y", "lifetime"}
    assert set(Pbx.objects.values_list("wms_role", flat=True)) == {"standalone", "server", "client"}
    assert Pbx.objects.filter(product="xbees").exists() and Pbx.objects.filter(read_only=True).exists()
    assert Item.objects.filter(stock=0).exists() and Item.objects.filter(stock__gt=0).exists()
    assert Order.objects.filter(dispatched_on=None).exists() and Order.objects.exclude(dispatched_on=None).exists()
    assert set(User.objects.values_list("role", flat=True)) == {"contact", "agent", "lead", "admin"}


@pytest.mark.parametrize("code", ["DEMO1", "DEMO2"])
def test_first_partners_have_every_case(code, loaded, today):
    partner = Partner.objects.get(code=code)
    dids = Did.objects.of_partner(partner)
    activated = set(dids.filter(status="active").values_list("activated_on", flat=True))
    assert {today - span(months=6), today - span(months=6) + span(days=1), today - span(days=20)} <= activated
    ported = set(dids.filter(porting_confirmed=True).values_list("porting_date", flat=True))
    assert ported == {add_business_days(today, ahead, partner.country) for ahead in (3, 5, 6, 12)}
    assert dids.filter(kind="ported", status="ordered", porting_confirmed=False).exists()
    assert {did.number.count("X") for did in dids} == {0, 1, 2}
    assert set(dids.values_list("status", flat=True)) == set(Did.Status.values)
    assert set(dids.values_list("kind", flat=True)) == set(Did.Kind.values)
    ends = list(Commitment.objects.of_partner(partner).values_list("ends_on", flat=True))
    assert min(ends) <= today < max(ends)
    left = next(pbx for pbx in Pbx.objects.of_partner(partner) if is_kept_long_enough(pbx.serial))
    ends = judge(TYPES["pbx_terminate"], bound_form("pbx_terminate", partner, pbx=left.serial).answers(), today=today)
    assert (ends.outcome, {finding.rule for finding in ends.findings}) == ("allowed", {"DID-1", "HW-1"})
    devices = Device.objects.of_partner(partner)
    assert devices.filter(billing_starts_on=today - span(months=6)).exists()
    assert devices.filter(ownership="hw", ordered_on__lt=today - span(years=5)).exists()
    with_customers = Reseller.objects.of_partner(partner).exclude(email="").annotate(customers=Count("end_users")).filter(customers__gte=2)
    assert with_customers.exists()


@pytest.mark.parametrize("code", share(["DEMO1", "DEMO2", "DEMO3"]))
def test_every_request_form_opens(code, loaded, client):
    client.force_login(User.objects.filter(partner__code=code).earliest("pk"))
    opened = {kind: client.get(f"/portal/requests/new/{kind}/").status_code for kind in TYPES}
    assert set(opened.values()) == {200}, opened


def test_calls_are_in_the_past(loaded, today):
    assert Call.objects.count() == 3000
    assert not Call.objects.filter(started_at__date__gte=today).exists()
