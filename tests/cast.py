"""The people and objects of the tests, with descriptive names."""

from datetime import timedelta
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta

from classound.models import Did
from hwaas.models import Device, Item
from partners.models import EndUser, Partner, Reseller, User
from pbx.models import Commitment, Pbx


def build_cast(today):
    """Create two partners (and a British one), their resellers, end users, PBXs, DIDs and devices, and the staff."""
    c = SimpleNamespace(today=today)
    _partners(c)
    _people(c)
    _customers(c, today)
    _numbers(c, today)
    _devices(c, today)
    return c


def _partners(c):
    c.nord = Partner.objects.create(
        code="NORD",
        name="Nord Telecom",
        country="DE",
        region="EU",
        currency="EUR",
        timezone="Europe/Berlin",
        billing_email="billing@nord.example",
    )
    c.sud = Partner.objects.create(
        code="SUD", name="Sud Voice", country="IT", region="EU", currency="EUR", timezone="Europe/Rome", billing_email="billing@sud.example"
    )
    c.albion = Partner.objects.create(
        code="ALBION",
        name="Albion Phones",
        country="GB",
        region="UK",
        currency="GBP",
        timezone="Europe/London",
        billing_email="billing@albion.example",
    )


def _people(c):
    c.nora = User.objects.create_user("nora@nord.example", "correct horse battery", full_name="Nora Nord", partner=c.nord)
    c.sara = User.objects.create_user("sara@sud.example", "correct horse battery", full_name="Sara Sud", partner=c.sud)
    c.alba = User.objects.create_user("alba@albion.example", "correct horse battery", full_name="Alba Albion", partner=c.albion)
    c.agent = User.objects.create_user("agent@care.example", "correct horse battery", full_name="Ada Agent", role="agent")
    c.agent2 = User.objects.create_user("ben@care.example", "correct horse battery", full_name="Ben Agent", role="agent")
    c.lead = User.objects.create_user("lead@care.example", "correct horse battery", full_name="Lea Lead", role="lead")
    c.admin = User.objects.create_user("admin@care.example", "correct horse battery", full_name="Ari Admin", role="admin")


def _customers(c, today):
    c.north_reseller = Reseller.objects.create(code="R-NORD", partner=c.nord, name="Kiel IT", email="office@kiel.example")
    c.south_reseller = Reseller.objects.create(code="R-SUD", partner=c.sud, name="Bari IT", email="office@bari.example")
    c.bakery = EndUser.objects.create(code="E-BAKERY", partner=c.nord, reseller=c.north_reseller, name="Bakery", country="DE")
    c.winery = EndUser.objects.create(code="E-WINERY", partner=c.sud, reseller=c.south_reseller, name="Winery", country="IT")
    c.pub = EndUser.objects.create(code="E-PUB", partner=c.albion, name="Pub", country="GB")
    c.pbx = make_pbx("PBX-FREE", c.bakery, today)
    c.committed = make_pbx("PBX-COMMITTED", c.bakery, today)
    c.commitment = make_commitment(c.committed, today - relativedelta(years=1), 3)
    c.winery_pbx = make_pbx("PBX-WINERY", c.winery, today)
    c.pub_pbx = make_pbx("PBX-PUB", c.pub, today)


def _numbers(c, today):
    old = today - relativedelta(years=2)
    c.did = make_did("+498981000400", c.pbx, activated_on=old)
    c.range = make_did("+49898100050X", c.pbx, activated_on=old)
    c.young = make_did("+498981000401", c.pbx, activated_on=today - timedelta(days=30))
    c.held = make_did("+498981000402", c.committed, activated_on=old)
    c.porting = make_did(
        "+498981000403", c.pbx, kind="ported", status="ordered", porting_date=today + timedelta(days=30), porting_confirmed=True
    )
    c.winery_did = make_did("+390801234567", c.winery_pbx, country="IT", activated_on=old)


def _devices(c, today):
    c.item = Item.objects.create(code="WP480", name="Desk phone", capex_price="129.00", hwaas_monthly_price="4.90", stock=5)
    c.scarce = Item.objects.create(code="DECT", name="Base station", capex_price="259.00", hwaas_monthly_price="8.90", stock=0)
    c.phone = make_device("SN-OWNED", c.item, c.pbx, ordered_on=today - timedelta(days=100))
    c.service = make_device(
        "SN-SERVICE",
        c.item,
        c.pbx,
        ownership="hwaas",
        ordered_on=today - timedelta(days=400),
        billing_starts_on=today - timedelta(days=380),
    )
    c.base = make_device("SN-SCARCE", c.scarce, c.pbx, ordered_on=today - timedelta(days=100))
    c.pub_phone = make_device("SN-PUB", c.item, c.pub_pbx, ordered_on=today - timedelta(days=100))
    c.winery_phone = make_device("SN-WINERY", c.item, c.winery_pbx, ordered_on=today - timedelta(days=100))


def make_pbx(serial, end_user, today, **fields):
    values = {
        "name": serial.title(),
        "product": "uc",
        "term": "1m",
        "activated_on": today - relativedelta(years=3),
        "expires_on": today + relativedelta(months=1),
    }
    return Pbx.objects.create(serial=serial, end_user=end_user, **values | fields)


def make_commitment(pbx, starts_on, years):
    return Commitment.objects.create(pbx=pbx, years=years, starts_on=starts_on, ends_on=starts_on + relativedelta(years=years))


def make_did(number, pbx, **fields):
    values = {"kind": "new", "country": "DE", "status": "active", "monthly_price": "1.50"}
    return Did.objects.create(number=number, pbx=pbx, **values | fields)


def make_device(serial, item, pbx, **fields):
    return Device.objects.create(serial=serial, item=item, pbx=pbx, **{"ownership": "hw"} | fields)
