"""Terminate a PBX – FAQ: "How to remove Cloud PBX from the WMP?" (GEN-2, COM-4, LIC-6, LIC-7, DID-1, HW-1)."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from classound import rules as did_rules
from classound.services import cancel_did
from hwaas import rules as device_rules
from hwaas.services import end_service, outstanding_count
from pbx import network_rules, rules
from pbx.models import Licence
from pbx.services import terminate
from policies.verdict import Verdict
from tickets.base import TicketForm, TicketType, done
from tickets.fields import PbxField


class PbxTerminateForm(TicketForm):
    pbx = PbxField(
        label=_("PBX to terminate"),
        facts=("dids", "devices"),
        facts_of_servers=("wms_clients__console",),
        listed=20,  # judging one reads every number and device on it
    )
    access_terminated = forms.BooleanField(label=_("The users’ Wizywebinar access has been terminated."), required=False)


class PbxTerminate(TicketType):
    code = "pbx_terminate"
    title = _("Terminate a PBX")
    topic = "PBX/Licences"
    icon = "ban"
    description = _("End a PBX with its licences, numbers and HWaaS devices. The termination takes effect when we process the request.")
    search_terms = "cancel delete remove close shut down deactivate phone system customer left"
    expected = _("Done within one business day")
    rules = ("GEN-1", "GEN-2", "COM-4", "LIC-6", "LIC-7", "DID-1", "HW-1")
    form = PbxTerminateForm
    action = _("Terminate the PBX")

    def subject(self, answers):
        return _("Terminate %(pbx)s") % {"pbx": answers["pbx"].name}

    def irrelevant_fields(self, answers, *, book):
        return set() if answers.get("pbx") and _has_webinars(answers["pbx"]) else {"access_terminated"}

    def decide(self, answers, *, book, today):
        pbx = answers.get("pbx")
        findings = self.booked_ahead(answers, book=book)
        if not pbx:
            return Verdict(tuple(findings))
        numbers, services = did_rules.numbers_on(pbx), device_rules.services_on(pbx)
        if pbx.commitment_on(today):
            free = _free_on(pbx, numbers, services, book=book, today=today)
            findings += rules.not_ended_under_commitment(pbx, free=free, today=today, field="pbx")
        taken = {row.licence_type: -row.quantity for row in pbx.licences.all()}
        findings += network_rules.users_keep_their_licences(pbx, taken, book=book, field="pbx")
        if _has_webinars(pbx):
            findings += rules.webinar_access_is_ended(answers.get("access_terminated"), field="access_terminated")
        findings += did_rules.end_with_their_pbx(numbers, field="pbx")
        findings += device_rules.end_with_their_pbx(services, field="pbx")
        for did in numbers:
            findings += did_rules.past_minimum_term(did, book=book, today=today, field="pbx")
        for device in services:
            findings += device_rules.past_minimum_service_term(device, book=book, today=today, field="pbx")
        return Verdict(tuple(findings))

    def apply(self, ticket, answers, *, book, today):
        pbx = answers["pbx"]
        numbers, services = did_rules.numbers_on(pbx), device_rules.services_on(pbx)
        for did in numbers:
            cancel_did(did, today=today)
        for device in services:
            end_service(device)
        terminate(pbx, today=today)
        note = _("%(pbx)s has been terminated, with %(others)s.") if numbers or services else _("%(pbx)s has been terminated.")
        note = str(note) % {"pbx": pbx.name, "others": _counted(numbers, services)}
        if to_come := outstanding_count(services):
            come_back = ngettext(
                "The device must be returned: please reply here with the address where it is.",
                "The devices must be returned: please reply here with the address where they are.",
                to_come,
            )
            note = f"{note} {come_back}"
        return done(note)


def _has_webinars(pbx):
    return any(row.quantity for row in pbx.licences.all() if row.licence_type == Licence.Type.WIZYWEBINAR)


def _free_on(pbx, numbers, services, *, book, today):
    """Return the first day on which the PBX, its numbers and its HWaaS devices can all end; None if unknown, as with an ordered number.

    Repeated from each day found: by then, an announced longer term may apply to something that was free before.
    """
    day, kept = rules.free_of_commitment(pbx, today), None
    while day != kept:
        kept = day
        days = [did_rules.free_on(did, book=book, today=today, since=day) for did in numbers]
        days += [device_rules.free_on(device, book=book, today=today, since=day) for device in services]
        if None in days:
            return None
        day = max(days, default=day)
    return day


def _counted(numbers, services):
    """Return what ended with the PBX, in words: “4 numbers and 1 HWaaS device”."""
    counted = (
        (ngettext("%d number", "%d numbers", len(numbers)), len(numbers)),
        (ngettext("%d HWaaS device", "%d HWaaS devices", len(services)), len(services)),
    )
    return str(_(" and ")).join(words % count for words, count in counted if count)
