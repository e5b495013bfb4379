"""Change licences – FAQ: "How to upgrade the licenses on PBX?", "How to calculate License costs?" (COM-2 to COM-5, LIC-3 to LIC-8, …)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pbx import licence_rules, network_rules, rules, teams_rules
from pbx.models import Licence
from pbx.services import set_licences
from policies.verdict import Verdict
from tickets.base import TicketForm, done
from tickets.fees import licences, was_quoted
from tickets.fields import NETWORKS, NumberedPbxField, RowsField
from tickets.steps.licence_price import LicencesType
from web.number_fields import WholeNumberField


class LicenceRowForm(forms.Form):
    licence_type = forms.ChoiceField(label=_("Licence"), choices=(("", _("Choose")), *Licence.Type.choices))
    quantity = WholeNumberField(label=_("New total"), min_value=0, max_value=100_000)


class LicenceChangeForm(TicketForm):
    pbx = NumberedPbxField(label=_("PBX"), facts=(NETWORKS,), facts_of_servers=("wms_clients__console",))
    changes = RowsField(LicenceRowForm, label=_("Licences"), help_text=_("Enter the new total, not the difference."))
    access_terminated = forms.BooleanField(label=_("The users’ Wizywebinar access has been terminated."), required=False)

    def clean(self):
        given = super().clean()
        asked = [row["licence_type"] for row in given.get("changes") or ()]
        if len(set(asked)) < len(asked):
            self.add_error("changes", _("Enter each licence only once."))
        return given


class LicenceChange(LicencesType):
    code = "licence_change"
    title = _("Change licences")
    topic = "PBX/Licences"
    icon = "licence"
    description = _("Add or remove licences on a PBX. Added licences are charged up to the PBX’s expiry date, then renew with it.")
    search_terms = "add buy more fewer less reduce remove delete cancel upgrade downgrade users seats"
    expected = _("Done within one business day")
    rules = ("GEN-1", "GEN-2", "GEN-3", "LIC-3", "LIC-4", "LIC-5", "LIC-6", "LIC-7", "LIC-8", "COM-2", "COM-3", "COM-4", "COM-5", "DID-16")
    form = LicenceChangeForm
    action = _("Change the licences")
    price_note = _("The price of the added licences until the PBX expires")

    def subject(self, answers):
        return _("%(pbx)s: %(wished)s") % {"pbx": answers["pbx"].name, "wished": _wished(answers)}

    def added(self, answers):
        return _differences(answers["pbx"], answers["changes"])[0]

    def irrelevant_fields(self, answers, *, book):
        fewer = _differences(answers["pbx"], answers.get("changes") or ())[1] if answers.get("pbx") else {}
        return set() if Licence.Type.WIZYWEBINAR in fewer else {"access_terminated"}

    def decide(self, answers, *, book, today):
        pbx = answers.get("pbx")
        findings = rules.outside_the_blackout(answers.at, book=book, field="pbx")
        if not pbx:
            return Verdict(tuple(findings))
        changes = answers.get("changes") or ()
        more, fewer = _differences(pbx, changes)
        if more or not changes:
            findings += rules.changes_are_separate(pbx, field="pbx")
        if changes and not more and not fewer:
            findings += rules.nothing_changes(pbx, field="changes")
        if fewer:
            findings += self.booked_ahead(answers, book=book)
            taken = {licence_type: -count for licence_type, count in fewer.items()}
            if not licence_rules.only_upgrades(more | taken):
                findings += rules.nothing_leaves_under_commitment(pbx, rule="COM-4", today=today, field="changes")
            findings += network_rules.users_keep_their_licences(pbx, more | taken, book=book, field="changes")
        if Licence.Type.WIZYWEBINAR in fewer:
            findings += rules.webinar_access_is_ended(answers.get("access_terminated"), field="access_terminated")
        if more:
            findings += network_rules.does_not_become_a_second_one(pbx, book=book, today=today, field="pbx")
            findings += network_rules.client_takes_those_of_its_server(pbx, more, book=book, field="changes")
            findings += rules.upgrade_is_evaluated(pbx, book=book, today=today, field="changes")
        if Licence.Type.TEAMS in more:
            wished = {row["licence_type"]: row["quantity"] for row in changes}
            findings += teams_rules.teams_can_be_used(pbx, wished[Licence.Type.TEAMS], wished=wished, book=book, field="changes")
        price_findings, charges = licences(pbx, more, answers, book=book, field="changes")
        findings += [*price_findings, *was_quoted(pbx, charges, answers, field="changes")]
        return Verdict(tuple(findings), tuple(charges))

    def apply(self, ticket, answers, *, book, today):
        pbx = answers["pbx"]
        for row in answers["changes"]:
            each = rules.monthly_price(pbx, row["licence_type"], book=book)
            set_licences(pbx, row["licence_type"], row["quantity"], monthly_price=each, today=today)
        return done(_("%(pbx)s now has these licences: %(wished)s.") % {"pbx": pbx.name, "wished": _wished(answers)})


def _wished(answers):
    return ", ".join(f"{row['quantity']} × {dict(Licence.Type.choices)[row['licence_type']]}" for row in answers["changes"])


def _differences(pbx, changes):
    """Return ({type: how many more}, {type: how many fewer}) compared with the PBX's current licences."""
    present = {licence.licence_type: licence.quantity for licence in pbx.licences.all()}
    by_type = {row["licence_type"]: row["quantity"] - present.get(row["licence_type"], 0) for row in changes}
    return {t: n for t, n in by_type.items() if n > 0}, {t: -n for t, n in by_type.items() if n < 0}
