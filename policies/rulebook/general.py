"""Rules about every request (GEN) and about money (BIL)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

GENERAL = (
    Rule(
        "GEN-1",
        _("Accepted languages"),
        _(
            "We can only work on requests in these languages: {language.accepted}. A text that is clearly in another one "
            "(we are at least {language.min_confidence} sure) is sent back for rewriting; one too short to tell is taken."
        ),
        "What language should be used for submitting Customer Care requests?",
    ),
    Rule(
        "GEN-2",
        _("Cancellations take effect at once"),
        _("A cancellation counts from the moment it is processed. It cannot be reserved for a later day or hour."),
        "How to cancel the service on a specific date and time?",
    ),
    Rule(
        "GEN-3",
        _("Fees are shown and accepted first"),
        _(
            "Every paid service is on the price list, with one figure for every currency. You see the fee and accept it before "
            "the request is filed, and that price stays with the request even if the list changes."
        ),
        "Paid services",
    ),
    Rule(
        "GEN-4",
        _("Purchases are final"),
        _("Services, licences and hardware that were bought are not refunded."),
        "How to get funds back in case of mistaken activation of any licenses?",
    ),
    Rule(
        "GEN-5",
        _("Contact labels only sort"),
        _("Whether a contact is called technician, sales manager or accountant changes nothing about what that person may do."),
        "How can I grant new access to the portal for an employee?",
    ),
    Rule(
        "GEN-6",
        _("Did it help?"),
        _("Once a request is solved we ask whether that helped you. Your answer can be changed once, within {satisfaction.change_period}."),
        "Whats is the Wildix SLA?",
    ),
)

BILLING = (
    Rule(
        "BIL-1",
        _("Time to dispute an invoice"),
        _("You can object to an invoice within {dispute.period} of its date; the last day still counts."),
        "What is the maximum dispute period?",
    ),
    Rule(
        "BIL-2",
        _("Credit notes need a reason"),
        _(
            "A person weighs the reasons given for a credit note. Only a refusal for want of justification costs "
            "{fee.credit_note_unjustified}. No line is credited with more than is left of it."
        ),
        "Paid services",
    ),
    Rule(
        "BIL-3",
        _("LifeTime support is yearly"),
        _(
            "Support for LifeTime licences is owed for the year as a whole, not by the month: {lifetime.support_prices} a year. "
            "Without it the service is not guaranteed."
        ),
        "Can yearly support of LifeTime licenses be paid only for months being in use?",
    ),
    Rule(
        "BIL-4",
        _("LifeTime support by version"),
        _(
            "What LifeTime support costs depends on the WMS version; the list price is multiplied so: {lifetime.support_multiplier}. "
            "Partners were told on {lifetime.change_announced_on}."
        ),
        "When Partners were notified that 2021 LifeTime Support fees for Version 3.88 are tripled?",
    ),
    Rule(
        "BIL-5",
        _("Commitment discount"),
        _("Licences under a Commitment are cheaper: {commitment.discount}."),
        "How to get an additional discount for Wildix services?",
    ),
    Rule(
        "BIL-6",
        _("Credit for hardware turned into HWaaS"),
        _(
            "Hardware that becomes HWaaS is credited by the time since it was ordered: {hw_conversion.credit_schedule}. "
            "On the anniversary itself the next step applies, and after the last step nothing is credited."
        ),
        "How to estimate CN for HW converted to HWaaS?",
    ),
    Rule(
        "BIL-7",
        _("Bonus increase"),
        _(
            "From {bonus.programme_starts_on}, once a month reaches the target ({bonus.target} unless agreed otherwise), {bonus.rate} "
            "of the result is credited for that month and each one after it until {bonus.last_credit_on}. A month below the target "
            "before the watch ends on {bonus.watched_until} takes the credits back, payable within {bonus.payback_days}."
        ),
        "Am I eligible for a Bonus increase?",
    ),
    Rule(
        "BIL-8",
        _("Ways to pay"),
        _(
            "Partners in {payment.portal_regions} can pay in the portal; all others by bank transfer, with the details on the invoice. "
            "Bank account and routing numbers are never kept readable."
        ),
        "What are the invoice payment options?",
    ),
    Rule(
        "BIL-9",
        _("Account balance"),
        _(
            "The account page lists invoices and credit notes, each as a document and as data, with the usage of every month, "
            "by user and call by call. "
            "Unless the partner switches it off, its team is mailed the usage {usage.report_after} after each month. "
            "Documents are issued by {issuer.name} ({issuer.address}, {issuer.vat_number})."
        ),
        "Where to check Invoices or Credit Notes?",
    ),
)

RULES = (*GENERAL, *BILLING)
