"""Switch a UC PBX to x-bees – FAQ: "Can I convert my UC PBX to x-bees?" (XB-1, COM-1)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pbx import rules
from pbx.models import Pbx
from pbx.services import start_commitment, switch_to_xbees
from policies.verdict import Verdict
from policies.wording import day_in_full
from tickets.base import TicketForm, TicketType, done
from tickets.fields import ServedPbxField

TERMS = [choice for choice in Pbx.Term.choices if choice[0] != Pbx.Term.LIFETIME]


class XbeesSwitchForm(TicketForm):
    pbx = ServedPbxField(label=_("PBX"))
    target_term = forms.ChoiceField(label=_("Term of the x-bees subscription"), choices=TERMS, widget=forms.RadioSelect)
    acknowledge_final = forms.BooleanField(
        label=_("I understand that the switch is final."),
        error_messages={"required": _("Confirm that you understand the switch is final.")},
    )


class XbeesSwitch(TicketType):
    code = "xbees_switch"
    title = _("Switch to x-bees")
    topic = "PBX/Licences"
    icon = "pbx"
    description = _("Switch a UC PBX to x-bees permanently. The answer shows which terms can be combined.")
    search_terms = "xbees convert migrate upgrade"
    expected = _("Done within two business days")
    rules = ("GEN-1", "XB-1", "COM-1")
    form = XbeesSwitchForm
    binding = ("target_term",)
    action = _("Switch the PBX")

    def subject(self, answers):
        term = dict(TERMS)[answers["target_term"]]
        return _("Switch %(pbx)s to x-bees (%(term)s)") % {"pbx": answers["pbx"].name, "term": term}

    def decide(self, answers, *, book, today):
        pbx, target = answers.get("pbx"), answers.get("target_term", "")
        if not pbx:
            return Verdict()
        findings = rules.can_become_xbees(pbx, target, book=book, field="target_term")
        findings += rules.can_be_switched_by_its_partner(pbx, has_services=pbx.has_services, book=book, today=today, field="pbx")
        findings += rules.switch_brings_commitment(pbx, target, book=book, today=today, field="target_term")
        return Verdict(tuple(findings))

    def apply(self, ticket, answers, *, book, today):
        pbx, term = answers["pbx"], answers["target_term"]
        years = rules.switch_commitment(pbx, term, book=book)
        starts = years and not pbx.commitment_on(today)
        started = start_commitment(pbx, years, today=today) if starts else None
        switch_to_xbees(pbx, term)
        note = str(_("%(pbx)s is now x-bees (%(term)s).") % {"pbx": pbx.name, "term": dict(TERMS)[term]})
        if started:
            note += " " + _("Its Commitment runs until %(end)s.") % {"end": day_in_full(started.ends_on)}
        return done(note)
