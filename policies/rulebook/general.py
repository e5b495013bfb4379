"""Rules about every request (GEN) and about money (BIL)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

GENERAL = (
    Rule(
        "GEN-1",
        _("Accepted languages"),
        _(
            "We can only handle requests written in these languages: {language.accepted}. A text that is clearly in another language (at "
            "least {language.min_confidence} certain) is returned to be rewritten; a text too short to tell is accepted."
        ),
        "What language should be used for submitting Customer Care requests?",
    ),
    Rule(
        "GEN-2",
        _("Cancellations take effect immediately"),
        _("A cancellation takes effect when it is processed. It cannot be scheduled for a later date or time."),
        "How to cancel the service on a specific date and time?",
    ),
    Rule(
        "GEN-3",
        _("Fees are shown and accepted in advance"),
        _(
            "Every paid service is on the price list, at the same figure in every currency. You see and accept the fee before the request "
            "is submitted, and the request keeps that price even if the list changes."
        ),
        "Paid services",
    ),
    Rule(
        "GEN-4",
        _("Purchases are final"),
        _("Services, licences and hardware are not refunded once purchased."),
        "How to get funds back in case of mistaken activation of any licenses?",
    ),
    Rule(
        "GEN-5",
        _("Contact labels are for sorting only"),
        _("Whether a contact is labelled technician, sales manager or accountant does not affect what that person can do."),
        "How can I grant new access to the portal for an employee?",
    ),
    Rule(
        "GEN-6",
        _("Did it help?"),
        _("When a request is solved, we ask whether it helped. You can change your answer once, within {satisfaction.change_period}."),
        "Whats is the Wildix SLA?",
    ),
)

BILLING = (
    Rule(
        "BIL-1",
        _("Time limit for disputing an invoice"),
        _("You can dispute an invoice within {dispute.period} of its date, including the last day."),
        "What is the maximum dispute period?",
    ),
    Rule(
        "BIL-2",
        _("Credit notes need a justification"),
        _(
            "A person reviews the reasons given for a credit note. Only a rejection for lack of justification costs "
            "{fee.credit_note_unjustified}. A line cannot be credited for more than is left uncredited on it."
        ),
        "Paid services",
    ),
    Rule(
        "BIL-3",
        _("LifeTime support is charged by the year"),
        _(
            "Support for LifeTime licences is due for the whole year, not by the month. Prices per year: {lifetime.support_prices}. "
            "Without support, service is not guaranteed."
        ),
        "Can yearly support of LifeTime licenses be paid only for months being in use?",
    ),
    Rule(
        "BIL-4",
        _("LifeTime support by version"),
        _(
            "The cost of LifeTime support depends on the WMS version. The list price is multiplied as follows: "
            "{lifetime.support_multiplier}. Partners were notified on {lifetime.change_announced_on}."
        ),
        "When Partners were notified that 2021 LifeTime Support fees for Version 3.88 are tripled?",
    ),
    Rule(
        "BIL-5",
        _("Commitment discount"),
        _("Licences under a Commitment are discounted: {commitment.discount}."),
        "How to get an additional discount for Wildix services?",
    ),
    Rule(
        "BIL-6",
        _("Credit for hardware converted to HWaaS"),
        _(
            "Hardware converted to HWaaS is credited according to the time since it was ordered: {hw_conversion.credit_schedule}. On the "
            "anniversary itself the next step applies; after the last step nothing is credited."
        ),
        "How to estimate CN for HW converted to HWaaS?",
    ),
    Rule(
        "BIL-7",
        _("Bonus increase"),
        _(
            "From {bonus.programme_starts_on}, once a month reaches the target ({bonus.target} unless agreed otherwise), {bonus.rate} of "
            "the result is credited for that month and every following month until {bonus.last_credit_on}. If a later month up to "
            "{bonus.watched_until} falls below the target, the credits are withdrawn and payable within {bonus.payback_days}."
        ),
        "Am I eligible for a Bonus increase?",
    ),
    Rule(
        "BIL-8",
        _("Ways to pay"),
        _(
            "Partners in these regions can pay in the portal: {payment.portal_regions}. All others pay by bank transfer, using the "
            "details on the invoice. Bank account and routing numbers are never stored in readable form."
        ),
        "What are the invoice payment options?",
    ),
    Rule(
        "BIL-9",
        _("Account balance"),
        _(
            "The account page lists invoices and credit notes, each as a document and as data, along with the usage of every month by "
            "user and by call. The partner’s team is e-mailed the usage {usage.report_after} after the end of each month, unless the "
            "partner switches this off. Documents are issued by {issuer.name} ({issuer.address}, {issuer.vat_number})."
        ),
        "Where to check Invoices or Credit Notes?",
    ),
)

RULES = (*GENERAL, *BILLING)
