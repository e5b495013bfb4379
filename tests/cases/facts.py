"""The facts of a case as model objects that were never saved: what the fields would have fetched, built from plain words."""

from decimal import Decimal
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta

from classound.models import Did, PortingChange
from classound.numbers import parse_number
from hwaas.models import Device, Item, Rma
from partners.models import EndUser, Partner, Reseller
from pbx.models import Commitment, Pbx
from policies.book import PolicyBook
from policies.catalog import POLICIES
from tickets.base import Answers
from tickets.fields import DidChoice


def fetched(row, **related):
    """The row with its related rows as a prefetch would have left them."""
    row.pk = 1
    row._prefetched_objects_cache = related
    return row


def a_partner(code="NORD", region="EU", currency="EUR", country="DE"):
    return Partner(pk=sum(code.encode()), code=code, name=code.title(), region=region, currency=currency, country=country)


def a_commitment(starts_on, years):
    return Commitment(starts_on=starts_on, years=years, ends_on=starts_on + relativedelta(years=years))


def a_pbx(commitments=()):
    """A PBX; `commitments` are (start, years)."""
    owner = EndUser(name="Bakery")
    return fetched(Pbx(serial="PBX1", name="Main office", end_user=owner), commitments=[a_commitment(*pair) for pair in commitments])


def a_did(pbx, number="+498981000400", country="DE", status="active", change_under_way=False, **fields):
    did = Did(number=number, pbx=pbx, kind="new", country=country, status=status, **fields)
    return fetched(did, porting_changes=[PortingChange(outcome="")] if change_under_way else [])


def a_device(pbx, serial="SN1", stock=5, ownership="hw", rma=None, **fields):
    item = Item(code="WP480", name="Desk phone", capex_price=Decimal(129), hwaas_monthly_price=Decimal("4.90"), stock=stock)
    return fetched(Device(serial=serial, item=item, pbx=pbx, ownership=ownership, **fields), rmas=[Rma(state=rma)] if rma else [])


def a_choice(dids, asked):
    """The DID that `asked` names or is a part of, as DidsField finds it."""
    sought = parse_number(asked)
    for did in dids:
        own = parse_number(did.number)
        if own.first <= sought.first and sought.last <= own.last:
            return DidChoice(did, sought.text)
    raise LookupError(f"The case has no number {asked}.")


def a_book(on, policies=()):
    """The policy book of a day with values that staff have added: {code, from, value, [basis]}."""
    rows = [
        SimpleNamespace(code=p["code"], valid_from=p["from"], value=POLICIES[p["code"]].unit.clean(p["value"]), basis=p.get("basis", ""))
        for p in policies
    ]
    return PolicyBook(on, rows)


def the_answers(case):
    """What is answered in a case, as the form would have cleaned it."""
    partner = a_partner(**case.get("partner", {}))
    pbx = a_pbx(case.get("commitments", ()))
    dids = [a_did(pbx, **did) for did in case.get("dids", ())]
    answers = {name: value for name, value in case["answers"].items() if value is not None}
    if "dids" in answers:
        answers["dids"] = [a_choice(dids, asked) for asked in answers["dids"]]
    if "did" in answers:
        answers["did"] = a_choice(dids, answers["did"])
    if "serial" in answers:
        answers["serial"] = a_device(pbx, **case.get("device", {}))
    if "reseller" in answers:
        answers["reseller"] = Reseller(code="R1", name="Kiel IT", partner=partner, email=answers["reseller"] or "")
    if "new_partner" in answers:
        taker = answers["new_partner"]
        answers["new_partner"] = partner if taker == "same" else a_partner(**taker)
    return Answers(answers, partner=partner, consents=case.get("consents"), attachments=case.get("attachments"))
