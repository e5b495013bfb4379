"""A small estate as CSV files, which tests import unchanged or with modifications."""

import datetime
import io

import pytest

from estate.importer import import_files
from estate.models import ImportRun
from estate.problems import ImportRefused
from tests.estate.sending import HOME, processed

GOOD = {
    "partners.csv": """\
code,name,country,region,currency,timezone,billing_email,vat_number
P1,Nord Voice,DE,EU,EUR,Europe/Berlin,billing@nord.example,DE1
P2,"Sud, Voce & C.",IT,EU,EUR,Europe/Rome,,
""",
    "contacts.csv": """\
email,partner,full_name,label
Nora@Nord.example,P1,Nora Brandt,technician
sara@sud.example,P2,Sara Fini,
""",
    "resellers.csv": """\
code,partner,name,email
R1,P1,Küste IT,info@kueste.example
R2,P2,Costa Reti,
""",
    "end_users.csv": """\
code,partner,reseller,name,country,email
E1,P1,R1,Bäckerei Ohlsen,DE,office@ohlsen.example
E2,P2,,Panificio Coppolino,IT,
""",
    "pbxs.csv": """\
serial,end_user,name,product,term,activated_on,expires_on,wms_version,wms_role,wms_server,read_only
B1,E1,Branch,uc,1m,2026-01-15,2026-12-15,6.05,client,A1,no
A1,E1,Main,uc,1y,2025-01-15,2027-01-15,6.05,server,,no
C1,E2,Only,xbees,lifetime,2020-02-29,,,,,yes
""",
    "licences.csv": """\
pbx,licence_type,quantity,monthly_price,activated_on
A1,basic,12,3.00,2025-01-15
A1,premium,2,16,
""",
    "commitments.csv": """\
pbx,years,starts_on,ends_on
A1,3,2025-01-15,2028-01-15
C1,3,2020-02-29,2023-02-28
""",
    "console.csv": """\
pbx,registered_users,wms_role,wms_server,reported_at
B1,9,client,A1,2026-11-17T04:00:00Z
A1,3,server,,2026-11-17T04:00:00Z
""",
    "dids.csv": """\
number,pbx,kind,country,status,activated_on,porting_date,porting_confirmed,migration_code,monthly_price
+493055501XX,A1,new,DE,active,2026-01-01,,,MC1,23.77
+493055502X,A1,ported,DE,active,2026-01-01,,,MC2,5.97
+49 30 555 0300,B1,ported,DE,ordered,,2026-12-01,yes,,
+390810550100,C1,new,IT,cancelled,2024-01-01,,no,,1.50
+39081055010X,C1,new,IT,active,2025-01-01,,,,5.97
""",
    "items.csv": """\
code,name,capex_price,hwaas_monthly_price,stock
DP,Desk phone,119,4.5,0
GW,Gateway,395.00,12.90,7
""",
    "devices.csv": """\
serial,item,pbx,ownership,ordered_on,shipped_on,billing_starts_on,warranty_document
S1,DP,A1,hwaas,2026-01-10,2026-01-12,2026-01-26,no
S2,GW,C1,hw,2020-03-01,,,yes
""",
    "orders.csv": """\
number,partner,country,placed_on,dispatched_on,carrier,tracking_number
O1,P1,DE,2026-11-01,2026-11-03,DHL,T1
O2,P2,,2026-11-16,,,
""",
    "invoices.csv": """\
number,partner,issued_on,due_on,currency
I1,P1,2026-11-01,2026-12-01,EUR
""",
    "invoice_lines.csv": """\
invoice,line,description,quantity,unit_price
I1,1,"Calls, ""area 1\""",412.5,0.02
I1,2,Licences,12,3.00
""",
    "calls.csv": """\
call_id,did,user,started_at,seconds,direction,destination,price
K1,+493055501XX,ext1,2026-11-01T10:00:00Z,60,out,+4420794600,0.0210
K2,+49305550123,,2026-11-01T12:30:00+02:00,0,in,,
K3,+49305550300,ext1,2026-11-01T10:00:00.5Z,5,out,anonymous,0
""",
}


@pytest.fixture
def good():
    """The texts of the small estate by file name; a test may change them."""
    return dict(GOOD)


@pytest.fixture
def load(db):
    """load(texts) imports them; a text may be bytes where it cannot be expressed as text."""
    return import_texts


def import_texts(texts, *, today=datetime.date(2026, 11, 18), **options):
    """See `load`."""
    encoded = {name: text if isinstance(text, bytes) else text.encode() for name, text in texts.items()}
    return import_files({name: io.BytesIO(content) for name, content in encoded.items()}, today=today, **options)


@pytest.fixture
def play(request, play):
    """With `imported` the small estate is the stage, in place of the cast."""
    return (("small estate",), lambda: bool(import_texts(GOOD))) if "imported" in request.fixturenames else play


@pytest.fixture
def imported(cast):
    """The small estate, already imported."""


@pytest.fixture
def refused(load):
    """refused(texts) returns the problems for which the import refuses them, as (file, line, column, reason)."""

    def problems(texts):
        with pytest.raises(ImportRefused) as refusal:
            load(texts)
        return [tuple(problem) for problem in refusal.value.problems]

    return problems


@pytest.fixture
def send(site):
    """send(files) returns the run created for them, after the worker has rehearsed it; or the page that refuses them."""

    def to_the_page(sent):
        answer = site.post(HOME, {"files": sent})
        if answer.status_code != 302:
            return answer
        return processed(ImportRun.objects.order_by("pk").last())

    return to_the_page
