"""Values that govern partners, resellers and end users: moves between partners, portal access."""

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.units import COUNT, MONEY, TEXT, DurationUnit

ENTRIES = (
    policy(
        "fee.reseller_transfer",
        MONEY,
        "100.00",
        _("Moving a reseller to another partner costs {value} in the new owner’s currency, paid by the new owner."),
        rule="ORG-1",
        question="Paid services",
    ),
    policy(
        "fee.end_user_transfer",
        MONEY,
        "100.00",
        _("Moving an end user to another partner costs {value} in the new owner’s currency, paid by the new owner."),
        rule="ORG-1",
        question="Paid services",
    ),
    policy(
        "confirmation.lifetime", DurationUnit("day"), "14 days", _("A confirmation link is valid for {value}."), rule="ORG-1", assumed=True
    ),
    policy(
        "confirmation.remind_before",
        DurationUnit("day"),
        "3 days",
        _("A party that has not answered is reminded {value} before its confirmation link expires."),
        rule="ORG-1",
        assumed=True,
    ),
    policy(
        "confirmation.settled_period",
        DurationUnit("day"),
        "30 days",
        _("Changes made within {value} before a request to move a reseller or an end user are reviewed before the move."),
        rule="ORG-4",
        assumed=True,
    ),
    policy(
        "invitation.lifetime",
        DurationUnit("day"),
        "7 days",
        _("The link in an invitation to a partner’s team is valid for {value}."),
        rule="ORG-2",
        question="How can I grant new access to the portal for an employee?",
        assumed=True,
    ),
    policy(
        "sign_in.code_lifetime_minutes", COUNT, "15", _("A verification code is valid for {value} minutes."), rule="ORG-2", assumed=True
    ),
    policy(
        "sign_in.code_tries",
        COUNT,
        "3",
        _("A verification code can be entered incorrectly up to {value} times."),
        rule="ORG-2",
        assumed=True,
    ),
    policy(
        "sign_in.contact",
        TEXT,
        "the address or the telephone number in your starter kit",
        _("Anyone who cannot sign in can contact Customer Care via {value}."),
        rule="ORG-2",
        assumed=True,
    ),
)
