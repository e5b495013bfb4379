"""Rules about PBXs, their licences and Commitments (COM, LIC, XB-1, DID-17).

Pure: facts, dated values and a day in, findings out.
"""

import calendar
import datetime
from dataclasses import replace
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from billing.amounts import round_to_cent
from pbx.commitment_rules import renews_itself
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import day_in_full, without_trailing_zeros


def free_of_commitment(pbx, today):
    """Return the first day on which no Commitment binds the PBX."""
    day = today
    while commitment := pbx.commitment_on(day):
        day = commitment.ends_on
    return day


def first_free_day(pbx, code, start, *, book, today, since):
    """Return the first day on which neither a Commitment of the PBX nor the minimum duration `code` binds something on it.

    The duration runs from `start` (None: unknown). An announced value counts for requests from its effective day on
    (PolicyBook.over_on). `since` is the earliest possible result; None: today.
    """
    day, kept = since or today, None
    while day != kept:
        kept = book.over_on(code, start, since=day, today=today) if start else day
        day = free_of_commitment(pbx, kept)
    return day


def nothing_leaves_under_commitment(pbx, *, rule, today, field, later=""):
    """COM-4, DID-17: no licence or service leaves a PBX before its Commitment ends. `later` is text to add about its end."""
    if not pbx.commitment_on(today):
        return []
    free = free_of_commitment(pbx, today)
    message = _("%(pbx)s is under a Commitment: nothing can be removed from it before %(free)s.")
    message = message % {"pbx": pbx.name, "free": day_in_full(free)} + later + renews_itself(pbx, free)
    return [Finding(rule, DENY, message, field, pbx.serial, free)]


def not_ended_under_commitment(pbx, *, free, today, field):
    """COM-4: a PBX does not end before its Commitment. `free` is the first day on which nothing on it is bound; None: unknown."""
    is_later = free is not None and free > free_of_commitment(pbx, today)
    later = _(" It can end as a whole from %(free)s.") % {"free": day_in_full(free)} if is_later else ""
    findings = nothing_leaves_under_commitment(pbx, rule="COM-4", today=today, field=field, later=later)
    return [replace(finding, allowed_from=free) for finding in findings]


def outside_the_blackout(at, *, book, field):
    """LIC-3: licences cannot be changed while renewals run on the last day of a month. `at` is in UTC; None: not checked."""
    if at is None or at.day != calendar.monthrange(at.year, at.month)[1] or not book.value("amend.blackout").holds(at):
        return []
    free = at.date() + datetime.timedelta(days=1)
    message = _("Licences cannot be changed on the last day of a month, %(hours)s UTC, while renewals run. Try again on %(free)s.")
    policy = book.cite("amend.blackout")
    return [Finding("LIC-3", DENY, message % {"hours": policy["amend.blackout"], "free": day_in_full(free)}, field, "", free, policy)]


def nothing_changes(pbx, *, field):
    """LIC-3: the requested quantity is already present."""
    message = _("%(pbx)s already has this many: nothing would change.")
    return [Finding("LIC-3", WARN, message % {"pbx": pbx.name}, field, pbx.serial)]


def webinar_access_is_ended(is_confirmed, *, field):
    """LIC-7: Wizywebinar licences end only after the access of their users has been terminated."""
    if is_confirmed:
        return []
    message = _("Terminate the users’ Wizywebinar access first, then confirm it here. The licences can only end after that.")
    return [Finding("LIC-7", DENY, message, field)]


def changes_are_separate(pbx, *, field):
    """LIC-8: a read-only VP PBX gets new services only by ticket, charged separately."""
    if not pbx.read_only:
        return []
    message = _("%(pbx)s is a read-only VP PBX: the care team reviews additions, and they are charged separately.")
    return [Finding("LIC-8", REQUIRE, message % {"pbx": pbx.name}, field, pbx.serial)]


def upgrade_is_evaluated(pbx, *, book, today, field):
    """COM-5, COM-2, COM-3: upgrades under Commitment are evaluated by a person, discounted immediately, billed from the order date."""
    commitment = pbx.commitment_on(today)
    if not commitment:
        return []
    policy = book.cite("commitment.discount", origin=commitment.starts_on)
    evaluated = _("%(pbx)s is under a Commitment: the care team evaluates the upgrade.") % {"pbx": pbx.name}
    return [
        Finding("COM-5", REQUIRE, evaluated, field, pbx.serial),
        Finding("COM-2", WARN, _("Licences added under the Commitment get its discount immediately."), field, pbx.serial, policy=policy),
        Finding("COM-3", WARN, _("Additions are billed from their order date, not from the start of the Commitment."), field),
    ]


def discount(pbx, *, book, today):
    """Return the discount of the current Commitment on added licences as a percentage (Decimal), 0 without one (BIL-5)."""
    commitment = pbx.commitment_on(today)
    table = book.value("commitment.discount", origin=commitment.starts_on) if commitment else ()
    return next((percent for years, percent in table if int(years) == commitment.years), Decimal(0))


def months_and_days(expires_on, today):
    """Return (whole calendar months from today to the expiry, remaining days, length in days of the month these belong to)."""
    whole = (expires_on.year - today.year) * 12 + expires_on.month - today.month
    whole -= today + relativedelta(months=whole) > expires_on
    begun, ends = today + relativedelta(months=whole), today + relativedelta(months=whole + 1)
    return whole, (expires_on - begun).days, (ends - begun).days


def monthly_price(pbx, licence_type, *, book):
    """Return the monthly price of a licence on this PBX: that of its existing licences of the type, else the list price."""
    present = next((licence for licence in pbx.licences.all() if licence.licence_type == licence_type), None)
    return present.monthly_price if present else dict(book.value("licence.monthly_prices"))[licence_type]


def prorated(pbx, licence_type, count, *, book, today):
    """Return the price of `count` added licences until the PBX expires, less a Commitment's discount; None if unknown (LIC-4)."""
    if pbx.expires_on is None or pbx.expires_on <= today:
        return None
    whole, days, of_days = months_and_days(pbx.expires_on, today)
    each_day = monthly_price(pbx, licence_type, book=book) * count * (100 - discount(pbx, book=book, today=today))
    # Divide last: a thirtieth of a month, truncated to 28 digits, would round an exact half cent down.
    return round_to_cent(each_day * (whole * of_days + days) / (100 * of_days))


def price_policies(pbx, licence_type, *, book, today):
    """Return the policy values, in words, behind the price of added licences; none for prices of existing ones (LIC-4)."""
    is_there = any(row.licence_type == licence_type for row in pbx.licences.all())
    commitment = pbx.commitment_on(today)
    values = {} if is_there else book.cite("licence.monthly_prices")
    return values | (book.cite("commitment.discount", origin=commitment.starts_on) if commitment else {})


def price_is_quoted(pbx, *, today, field):
    """LIC-4: if the PBX has no expiry after `today`, a person quotes the price, and nothing is added before it is accepted."""
    if pbx.expires_on is None and pbx.term == pbx.Term.LIFETIME:
        why = _("%(pbx)s is LifeTime and does not expire.")
    elif pbx.expires_on is None:
        why = _("We do not know when %(pbx)s expires.")
    elif pbx.expires_on == today:
        why = _("The term of %(pbx)s ends on %(day)s.")
    else:
        why = _("The term of %(pbx)s ended on %(day)s, and we have no record of its renewal.")
    values = {"pbx": pbx.name, "day": pbx.expires_on and day_in_full(pbx.expires_on)}
    message = why % values + " " + _("The care team will therefore quote the price, and nothing is added until you accept it.")
    return [Finding("LIC-4", REQUIRE, message, field, pbx.serial, needs="quote")]


def adds_what_was_quoted(pbx, then, quoted, *, field):
    """LIC-4: only what the accepted price covers is added, so that nothing is charged twice or added free of charge.

    `then` is what it would have cost on the day of the request, `quoted` is the accepted price (each {fee: amount}).
    """
    if then == quoted:
        return []
    message = _("The licences of %(pbx)s have changed since this was requested, so its price no longer applies. Submit a new request.")
    return [Finding("LIC-4", DENY, message % {"pbx": pbx.name}, field, pbx.serial, final=True)]


def can_take_commitment(pbx, years, *, book, today, field):
    """COM-1: only certain terms can take a Commitment, of certain lengths, one at a time. `years` is None until chosen."""
    policy = book.cite("commitment.eligible_terms", "commitment.years")
    findings = []
    if commitment := pbx.commitment_on(today):
        free = free_of_commitment(pbx, today)
        message = _("%(pbx)s is already under a Commitment until %(end)s.") % {"pbx": pbx.name, "end": day_in_full(commitment.ends_on)}
        findings.append(Finding("COM-1", DENY, message, "pbx", pbx.serial, free, policy))
    if pbx.term not in book.value("commitment.eligible_terms"):
        message = _("%(pbx)s has the term %(term)s. Only PBXs with these terms can take a Commitment: %(terms)s.")
        values = {"pbx": pbx.name, "term": pbx.get_term_display(), "terms": policy["commitment.eligible_terms"]}
        findings.append(Finding("COM-1", DENY, message % values, "pbx", pbx.serial, policy=policy))
    if years is not None and str(years) not in book.value("commitment.years"):
        message = _("A Commitment can be taken for these numbers of years: %(years)s.")
        findings.append(Finding("COM-1", DENY, message % {"years": policy["commitment.years"]}, field, policy=policy))
    return findings


def commitment_discounts(pbx, years, *, book, field):
    """BIL-5, COM-2: the discount of a Commitment, and when it starts."""
    policy = book.cite("commitment.discount")
    percent = next((share for lasts, share in book.value("commitment.discount") if int(lasts) == years), None)
    if percent is None:
        return []
    saves = _("The licences of %(pbx)s cost %(percent)s %% less for %(years)s years from %(start)s.")
    values = {
        "pbx": pbx.name,
        "percent": without_trailing_zeros(percent),
        "years": years,
        "start": day_in_full(book.on),
        "day": day_in_full(pbx.expires_on) if pbx.expires_on else "",
    }
    begins = _("Existing licences get the discount with the next renewal, new ones immediately.")
    if pbx.expires_on:
        begins = _("Existing licences get the discount after the next renewal on %(day)s, new ones immediately.")
    return [
        Finding("BIL-5", WARN, saves % values, field, pbx.serial, policy=policy),
        Finding("COM-2", WARN, begins % values, field, pbx.serial),
    ]


def can_become_xbees(pbx, target_term, *, book, field):
    """XB-1: UC can only be switched to x-bees between the terms of the table, permanently. `target_term` is "" until chosen."""
    if pbx.product == pbx.Product.XBEES:
        return [Finding("XB-1", DENY, _("%(pbx)s is already x-bees.") % {"pbx": pbx.name}, "pbx", pbx.serial, final=True)]
    policy = book.cite("xbees.switch_terms")
    targets = [target for source, target, _years in book.value("xbees.switch_terms") if source == pbx.term]
    terms = dict(pbx.Term.choices)
    values = {"pbx": pbx.name, "term": pbx.get_term_display(), "targets": ", ".join(str(terms[target]) for target in targets)}
    if not targets:
        message = _("A UC PBX with the term %(term)s cannot be switched to x-bees.")
        return [Finding("XB-1", DENY, message % values, "pbx", pbx.serial, policy=policy)]
    findings = [Finding("XB-1", WARN, _("The switch is final: there is no trial, no way back and no credit."), "pbx", pbx.serial)]
    if target_term and target_term not in targets:
        message = _("From the term %(term)s, you can only switch to: %(targets)s.")
        findings.append(Finding("XB-1", DENY, message % values, field, pbx.serial, policy=policy))
    if pbx.term in book.value("xbees.reviewed_terms"):
        message = _("With the term %(term)s, a person reviews the switch before it is approved.")
        policy = book.cite("xbees.reviewed_terms")
        findings.append(Finding("XB-1", REQUIRE, message % values, "pbx", pbx.serial, policy=policy))
    return findings


def can_be_switched_by_its_partner(pbx, *, has_services, book, today, field):
    """XB-1: point out a switch that needs no request; not under Commitment (COM-4), nor with numbers or HWaaS (`has_services`)."""
    held = has_services or pbx.commitment_on(today)
    if held or pbx.product == pbx.Product.XBEES or pbx.term not in book.value("xbees.own_switch_terms"):
        return []
    message = _(
        "You can do this yourself: end the subscription of %(pbx)s and order any x-bees in the shop. "
        "Submit this request only if that option is not available to you."
    )
    return [Finding("XB-1", WARN, message % {"pbx": pbx.name}, field, pbx.serial, policy=book.cite("xbees.own_switch_terms"))]


def switch_commitment(pbx, target_term, *, book):
    """Return the years of Commitment that a switch between these terms includes, 0 for none (XB-1)."""
    table = book.value("xbees.switch_terms")
    return next((int(years) for source, target, years in table if (source, target) == (pbx.term, target_term)), 0)


def switch_brings_commitment(pbx, target_term, *, book, today, field):
    """COM-1: announce the Commitment that the switch includes; a current one remains in force instead."""
    years = switch_commitment(pbx, target_term, book=book)
    if not years or pbx.commitment_on(today):
        return []
    message = _("The switch includes a Commitment of %(years)s years from the day it is carried out.")
    return [Finding("COM-1", WARN, message % {"years": years}, field, pbx.serial, policy=book.cite("xbees.switch_terms"))]
