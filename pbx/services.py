"""What changes PBXs, licences and Commitments. Each function expects the caller's transaction and locked rows."""

from dateutil.relativedelta import relativedelta

from pbx.models import Commitment, Licence


def start_commitment(pbx, years, *, today):
    """A Commitment of so many years begins today (COM-1). Returns it; one that began today already is that one."""
    values = {"years": years, "ends_on": today + relativedelta(years=years)}
    return Commitment.objects.get_or_create(pbx=pbx, starts_on=today, defaults=values)[0]


def set_licences(pbx, licence_type, quantity, *, monthly_price, today):
    """The PBX has so many licences of a type from now on; the price is for a type that it did not have."""
    values = {"quantity": quantity, "monthly_price": monthly_price, "activated_on": today}
    licence, is_new = Licence.objects.select_for_update().get_or_create(pbx=pbx, licence_type=licence_type, defaults=values)
    if not is_new and licence.quantity != quantity:
        licence.quantity = quantity
        licence.save(update_fields=["quantity"])


def switch_to_xbees(pbx, term):
    """The PBX becomes x-bees with another term, for good (XB-1); its expiry stays, which is its next renewal."""
    pbx.product, pbx.term = pbx.Product.XBEES, term
    pbx.save(update_fields=["product", "term"])


def terminate(pbx, *, today):
    """The PBX and its licences end."""
    Licence.objects.filter(pbx=pbx).update(quantity=0)
    pbx.terminated_on = today
    pbx.save(update_fields=["terminated_on"])
