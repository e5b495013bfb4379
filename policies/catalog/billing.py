"""Values that govern money: disputes, LifeTime support, the conversion of hardware, the bonus programme, payment."""

import datetime

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.catalog.regions import REGION_LIST
from policies.tables import Table
from policies.units import MONEY, PERCENT, TEXT, Day, DurationUnit, Number, Version

ENTRIES = (
    policy(
        "dispute.period",
        DurationUnit("year"),
        "1 year",
        _("An invoice can be disputed for {value} from its date, including the last day."),
        rule="BIL-1",
        origin=_("the invoice’s date"),
    ),
    policy(
        "fee.credit_note_unjustified",
        MONEY,
        "100.00",
        _("A credit-note request rejected for lack of justification costs {value} in the account currency."),
        rule="BIL-2",
    ),
    policy(
        "lifetime.support_multiplier",
        Table(((_("WMS version"), Version(pattern=True)), (_("multiplier"), Number(places=2, most=100))), words="{0} × {1}"),
        [["*", "1"]],
        _("The list price of yearly LifeTime support is multiplied by WMS version (the first matching line applies): {value}."),
        rule="BIL-4",
        basis="origin",
        origin=_("the first day of the supported year"),
        then=((datetime.date(2021, 1, 1), [["3.88*", "3"], ["*", "1"]]),),
    ),
    policy(
        "lifetime.change_announced_on",
        Day(),
        "2020-12-29",
        _("Partners were notified on {value} that LifeTime support costs more for some WMS versions."),
        rule="BIL-4",
    ),
    policy(
        "hw_conversion.credit_schedule",
        Table(((_("age under"), DurationUnit("year")), (_("credit"), PERCENT)), words=_("{1} under {0}"), may_be_empty=True),
        [["1 year", "100"], ["2 years", "80"], ["3 years", "60"], ["4 years", "40"], ["5 years", "20"]],
        _("Owned hardware converted to HWaaS is credited by its age since the order: {value}; nothing for older hardware."),
        rule="BIL-6",
        origin=_("the device’s order date"),
    ),
    policy(
        "bonus.programme_starts_on",
        Day(),
        "2022-01-01",
        _("Results count towards the bonus increase from {value}."),
        rule="BIL-7",
        assumed=True,
    ),
    policy("bonus.last_credit_on", Day(), "2022-12-31", _("The bonus increase is credited for months up to {value}."), rule="BIL-7"),
    policy(
        "bonus.watched_until",
        Day(),
        "2023-03-31",
        _("Until {value}, a result below the target withdraws the credited increases."),
        rule="BIL-7",
    ),
    policy(
        "bonus.target",
        MONEY,
        "10000.00",
        _("The monthly target for the bonus increase is {value} unless another was agreed with the partner."),
        rule="BIL-7",
        assumed=True,
    ),
    policy("bonus.rate", PERCENT, "5", _("The bonus increase is {value} of the month’s result."), rule="BIL-7", assumed=True),
    policy(
        "bonus.payback_days",
        DurationUnit("day"),
        "30 days",
        _("Withdrawn bonus increases must be paid back within {value}."),
        rule="BIL-7",
    ),
    policy(
        "payment.portal_regions", REGION_LIST, ["US"], _("Partners in these regions can pay invoices in the portal: {value}."), rule="BIL-8"
    ),
    policy(
        "usage.report_after",
        DurationUnit("day"),
        "2 days",
        _("Each partner’s team is e-mailed its usage report {value} after the end of the month."),
        rule="BIL-9",
        question="How to monitor calls data?",
        assumed=True,
    ),
    policy(
        "issuer.name", TEXT, "Careline Communications", _("Invoices and credit notes are issued by {value}."), rule="BIL-9", assumed=True
    ),
    policy(
        "issuer.address",
        TEXT,
        "The registered office, as in the starter kit",
        _("The issuer’s address on invoices and credit notes: {value}."),
        rule="BIL-9",
        assumed=True,
    ),
    policy(
        "issuer.vat_number",
        TEXT,
        "VAT number as in the starter kit",
        _("The issuer’s tax number on invoices and credit notes: {value}."),
        rule="BIL-9",
        assumed=True,
    ),
)
