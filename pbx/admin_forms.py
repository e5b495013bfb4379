"""Admin forms for PBXs. Each reports violations of the rules at the field concerned."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pbx.commitment_rules import renewal_can_be_changed
from pbx.licence_rules import quantity_can_become
from pbx.models import Commitment, ConsoleReport, Licence
from pbx.services import active_pbxs
from policies.models import PolicyValue
from web.seen_form import SeenForm


class RuledForm(SeenForm):
    """A form whose errors are findings of rules, with their codes. `at` is when it was submitted; the row is already locked."""

    at = None

    def refuse(self, findings):
        """Add each finding as an error on its field, with the rule code and the policy values used."""
        for finding in findings:
            values = "; ".join(finding.policy.values())
            message = f"{finding.message} ({finding.rule}: {values})" if values else f"{finding.message} ({finding.rule})"
            self.add_error(finding.field if finding.field in self.fields else None, message)


class LicenceForm(RuledForm):
    webinar_is_ended = forms.BooleanField(label=_("The users’ Wizywebinar access has been terminated."), required=False)

    class Meta:
        model = Licence
        fields = ("quantity",)

    def clean(self):
        given = super().clean()
        quantity = given.get("quantity")
        if quantity is not None and quantity != self.initial["quantity"]:
            licence = Licence.objects.select_related("pbx__end_user").get(pk=self.instance.pk)
            self.refuse(
                quantity_can_become(
                    licence,
                    quantity,
                    active_pbxs(licence.pbx.end_user_id),
                    book=PolicyValue.objects.book(on=self.at.date()),
                    at=self.at,
                    webinar_is_ended=given.get("webinar_is_ended", False),
                )
            )
        return given


class CommitmentForm(RuledForm):
    class Meta:
        model = Commitment
        fields = ("renews",)

    def clean(self):
        given = super().clean()
        if given.get("renews") != self.initial["renews"]:
            others = Commitment.objects.filter(pbx=self.instance.pbx_id).exclude(pk=self.instance.pk)
            self.refuse(renewal_can_be_changed(self.instance, others, today=self.at.date(), field="renews"))
        return given


class ConsoleReportForm(SeenForm):
    class Meta:
        model = ConsoleReport
        fields = ("pbx", "registered_users", "wms_role", "wms_server", "reported_at")

    def clean(self):
        given = super().clean()
        role, server = given.get("wms_role"), given.get("wms_server", "")
        if role == "client" and not server and "wms_server" not in self.errors:
            self.add_error("wms_server", _("A client in a WMS network must have a server."))
        if role and role != "client" and server:
            self.add_error("wms_server", _("Only a client in a WMS network can have a server."))
        return given
