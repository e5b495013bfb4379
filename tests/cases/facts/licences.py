"""PBXs as the subject of a case, with their contents."""

from decimal import Decimal

from classound.rules import numbers_on
from hwaas.rules import services_on
from pbx.models import Licence, Pbx
from tests.cases.facts.base import fetched
from tests.cases.facts.classound import a_did
from tests.cases.facts.hwaas import a_device
from tests.cases.facts.networks import a_system


def the_pbx(asked, case, partner, pbx):
    """Return the PBX of the case; `licences` are {type: quantity}, each at 10 a month unless `monthly_price` says otherwise.

    `elsewhere` is the number of licences on another PBX of the customer, which may be terminated (`ended_elsewhere`); `users` is the number
    of users registered on its client PBX.
    """
    price = Decimal(str(case.get("monthly_price", 10)))
    counts = {t: n for t, n in case.get("licences", {}).items() if n is not None}
    licences = [Licence(pbx=pbx, licence_type=t, quantity=n, monthly_price=price) for t, n in counts.items()]
    pbx._prefetched_objects_cache |= {
        "licences": licences,
        "dids": [a_did(pbx, **did) for did in case.get("dids", ())],
        "devices": [a_device(pbx, **device) for device in case.get("devices", ())],
        "wms_clients": [a_system(2, "client", pbx, console=("client", pbx.serial, case["users"]))] if "users" in case else [],
    }
    pbx.has_numbers = bool(numbers_on(pbx))
    pbx.has_services = pbx.has_numbers or bool(services_on(pbx))
    counts = {"basic": case.get("elsewhere", 0), "premium": 0}
    other = fetched(
        Pbx(serial="PBX9", name="Warehouse", terminated_on=case.get("ended_elsewhere")),
        licences=[Licence(licence_type=t, quantity=n) for t, n in counts.items()],
    )
    other.pk = 9
    pbx.end_user._prefetched_objects_cache = {"pbxs": [pbx, other]}
    return pbx


READ = {"pbx": the_pbx}
