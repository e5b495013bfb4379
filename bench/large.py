"""A partner as large as the largest: what is fast with three hundred devices may not be with tens of thousands."""

import datetime
import io

from django.utils import timezone

from bench.clients import Call
from estate.importer import import_files
from partners.models import User

CODE, EMAIL = "LARGE", "large@careline.example"
PBXS, DEVICES, NUMBERS = 400, 60_000, 40_000
WORDS = ("branch", "warehouse", "head office", "hotel", "school", "clinic", "call centre")


def load_once():
    """Import the large partner, in a few seconds, unless it exists."""
    if not User.objects.filter(email=EMAIL).exists():
        today = timezone.now().date()
        import_files({name: io.BytesIO("\n".join(rows).encode()) for name, rows in files(today).items()}, today=today)


def files(today):
    """Return its estate as CSV: file name -> lines."""
    old, expires = today - datetime.timedelta(days=800), today + datetime.timedelta(days=100)
    pbxs, months = range(PBXS), [today - datetime.timedelta(days=30 * age) for age in range(60)]
    return {
        "partners.csv": [
            "code,name,country,region,currency,timezone,billing_email,vat_number",
            f"{CODE},Large Telephony,DE,EU,EUR,Europe/Berlin,{EMAIL},",
        ],
        "contacts.csv": ["email,partner,full_name,label", f"{EMAIL},{CODE},Lena Large,technician"],
        "end_users.csv": [
            "code,partner,reseller,name,country,email",
            *(f"{CODE}-{n},{CODE},,{WORDS[n % len(WORDS)].title()} {n} of Large,DE,large-{n}@careline.example" for n in pbxs),
        ],
        "pbxs.csv": [
            "serial,end_user,name,product,term,activated_on,expires_on,wms_version,wms_role,wms_server,read_only",
            *(f"PXLARGE{n:04},{CODE}-{n},{WORDS[n % len(WORDS)]} {n},uc,1y,{old},{expires},6.05.20240312.1,standalone,,no" for n in pbxs),
        ],
        "licences.csv": [
            "pbx,licence_type,quantity,monthly_price,activated_on",
            *(f"PXLARGE{n:04},business,150,11.00,{old}" for n in pbxs),
        ],
        "items.csv": [
            "code,name,capex_price,hwaas_monthly_price,stock",
            *(f"LARGE-{n},{word.title()} phone,119.00,4.50,100" for n, word in enumerate(WORDS)),
        ],
        "dids.csv": [
            "number,pbx,kind,country,status,activated_on,porting_date,porting_confirmed,migration_code,monthly_price",
            *(f"+493050{n:06},PXLARGE{n % PBXS:04},new,DE,active,{months[n % 60]},,,,1.50" for n in range(NUMBERS)),
        ],
        "devices.csv": [
            "serial,item,pbx,ownership,ordered_on,shipped_on,billing_starts_on,warranty_document",
            *(_device(n, months[n % 60]) for n in range(DEVICES)),
        ],
    }


def _device(n, day):
    return f"LG{n:07},LARGE-{n % len(WORDS)},PXLARGE{n % PBXS:04},{('hwaas', 'hw')[n % 3 == 0]},{day},{day},,{('no', 'yes')[n % 2]}"


def calls(signed_in, bearer):
    """Return the calls of its people, given functions for the headers of a browser and of a program."""
    person = User.objects.get(email=EMAIL)
    page, token = signed_in(person), bearer(person)
    rma = {"serial": f"LG{DEVICES // 2:07}", "kind": "warranty", "fault": "The display stays dark.", "replacement": "new"}
    return [
        Call("large partner: home", "GET", "/portal/", page),
        Call("large partner: devices", "GET", "/portal/devices/", page),
        Call("large partner: devices by a word", "GET", "/portal/devices/?q=clinic", page),
        Call("large partner: devices, none found", "GET", "/portal/devices/?q=zephyrville", page),
        Call("large partner: numbers", "GET", "/portal/numbers/", page),
        Call("large partner: a PBX", "GET", "/portal/pbxs/PXLARGE0001/", page),
        Call("large partner: search", "GET", "/portal/search/?q=branch", page),
        Call("large partner: form of pbx_terminate", "GET", "/portal/requests/new/pbx_terminate/", page),
        Call("large partner: form of did_cancel", "GET", "/portal/requests/new/did_cancel/", page),
        Call("large partner: picker of rma by a word", "GET", "/portal/requests/new/rma/choose/serial/?q=clinic", page),
        Call("large partner: check of rma", "POST", "/api/v1/ticket-types/rma/check/", token, rma | {"delivery_address": "1 Main Street"}),
    ]
