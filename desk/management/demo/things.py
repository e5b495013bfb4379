"""Objects of a partner that a demo request can be about: each function lists candidates, those a visitor is least likely to use first."""

from datetime import timedelta

from django.db.models import Count

from billing.models import Invoice
from classound.models import Did
from hwaas.models import Device, Order
from partners.models import EndUser, Partner, Reseller
from pbx.models import Pbx

TRIED = 16  # objects of a partner to try


def nothing(partner, day):
    """Return one blank candidate for a request that is about no object."""
    return [""]


def numbers(partner, day):
    """Return active numbers."""
    return _names(Did.objects.of_partner(partner).filter(status="active"), "number")


def movable(partner, day):
    """Return active numbers of end users who have another PBX."""
    found = Did.objects.of_partner(partner).filter(status="active").annotate(beside=Count("pbx__end_user__pbxs"))
    return _names(found.filter(beside__gt=1), "number")


def portings(partner, day):
    """Return numbers with a porting date."""
    return _names(Did.objects.of_partner(partner).filter(status="ordered", porting_confirmed=True), "number")


def owned(partner, day):
    """Return purchased devices."""
    return _names(Device.objects.of_partner(partner).filter(state="in_use", ownership="hw"), "serial")


def rented(partner, day):
    """Return HWaaS devices."""
    return _names(Device.objects.of_partner(partner).filter(state="in_use", ownership="hwaas"), "serial")


def pbxs(partner, day):
    """PBXs."""
    return _names(Pbx.objects.of_partner(partner), "serial")


def orders(partner, day):
    """Orders."""
    return _names(Order.objects.of_partner(partner), "number")


def invoices(partner, day):
    """Return invoices of the last few weeks."""
    return _names(Invoice.objects.of_partner(partner).filter(issued_on__gt=day - timedelta(days=90)), "number")


def resellers(partner, day):
    """Resellers."""
    return _names(Reseller.objects.filter(partner=partner), "code")


def end_users(partner, day):
    """Return end users."""
    return _names(EndUser.objects.filter(partner=partner), "code")


def neighbour(partner):
    """Return the code of another partner, of the same region if possible."""
    others = Partner.objects.exclude(pk=partner.pk).order_by("code")
    return (others.filter(region=partner.region).first() or others.first() or partner).code


def _names(rows, key):
    return list(rows.order_by(f"-{key}").values_list(key, flat=True)[:TRIED])
