"""PBXs as the subject of a case, with what is on them."""

from decimal import Decimal

from pbx.models import Licence
from tests.cases.facts.classound import a_did
from tests.cases.facts.hwaas import a_device


def the_pbx(asked, case, partner, pbx):
    """The PBX of the case; `licences` are {type: quantity}, each at 10 a month unless `monthly_price` says otherwise."""
    price = Decimal(str(case.get("monthly_price", 10)))
    licences = [Licence(pbx=pbx, licence_type=t, quantity=n, monthly_price=price) for t, n in case.get("licences", {}).items()]
    pbx._prefetched_objects_cache |= {
        "licences": licences,
        "dids": [a_did(pbx, **did) for did in case.get("dids", ())],
        "devices": [a_device(pbx, **device) for device in case.get("devices", ())],
    }
    return pbx


READ = {"pbx": the_pbx}
