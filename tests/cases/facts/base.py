"""Partners, PBXs and Commitments of a case."""

from dateutil.relativedelta import relativedelta

from classound.models import SpecialNumber
from partners.models import EndUser, Partner
from pbx.models import Commitment, Pbx
from tests.cases.facts.networks import a_system


def fetched(row, **related):
    """Return the row with its related rows as a prefetch would have left them."""
    row.pk = 1
    row._prefetched_objects_cache = related
    return row


def a_partner(code="NORD", region="EU", currency="EUR", country="DE", **fields):
    return Partner(pk=sum(code.encode()), code=code, name=code.title(), region=region, currency=currency, country=country, **fields)


def a_commitment(starts_on, years, renews=True):
    return Commitment(starts_on=starts_on, years=years, ends_on=starts_on + relativedelta(years=years), renews=renews)


def a_pbx(commitments=(), special_numbers=(), server=None, **fields):
    """Return a PBX; `server` are the licences {type: quantity} of the server whose client it is.

    `commitments` are (start, years), optionally with whether it renews; `special_numbers` are {number: decision}.
    """
    values = {"serial": "PBX1", "name": "Main office", "end_user": fetched(EndUser(name="Bakery"), pbxs=[])}
    values |= {} if server is None else {"wms_server": a_system(2, "server", licences=server)}
    return fetched(
        Pbx(**values | fields),
        commitments=[a_commitment(*pair) for pair in commitments],
        special_numbers=[SpecialNumber(number=number, decision=decision) for number, decision in dict(special_numbers).items()],
    )
