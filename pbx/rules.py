"""Rules about PBXs, their licences and Commitments (COM, LIC, XB-1, DID-17).

Pure: facts, dated values and a day in, findings out.
"""

import calendar
import datetime
from dataclasses import replace
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from billing.amounts import to_the_cent
from pbx.commitment_rules import renews_itself
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import day_in_full, plain


def free_of_commitment(pbx, today):
    """The first day on which no Commitment binds the PBX."""
    day = today
    while commitment := pbx.commitment_on(day):
        day = commitment.ends_on
    return day


def first_free_day(pbx, code, start, *, book, today, since):
    """The first day on which neither a Commitment of the PBX nor the duration `code` from `start` on (None: unknown) holds what is on it.

    A duration that is announced counts for who asks from its day on (PolicyBook.over_on). `since`: no day before this one; None: today.
    """
    day, kept = since or today, None
    while day != kept:
        kept = book.over_on(code, start, since=day, today=today) if start else day
        day = free_of_commitment(pbx, kept)
    return day


def nothing_leaves_under_commitment(pbx, *, rule, today, field, later=""):
    """COM-4, DID-17: no licence and no service is taken off a PBX before its Commitment ends. `later` is what else is said of its end."""
    if not pbx.commitment_on(today):
        return []
    free = free_of_commitment(pbx, today)
    message = _("%(pbx)s is under a Commitment: nothing is taken off it before %(free)s.")
    message = message % {"pbx": pbx.name, "free": day_in_full(free)} + later + renews_itself(pbx, free)
    return [Finding(rule, DENY, message, field, pbx.serial, free)]


def not_ended_under_commitment(pbx, *, free, today, field):
    """COM-4: a PBX does not end before its Commitment. `free` is the first day on which nothing on it is held; None: nobody knows."""
    is_later = free is not None and free > free_of_commitment(pbx, today)
    later = _(" All of it can end from %(free)s.") % {"free": day_in_full(free)} if is_later else ""
    findings = nothing_leaves_under_commitment(pbx, rule="COM-4", today=today, field=field, later=later)
    return [replace(finding, allowed_from=free) for finding in findings]


def outside_the_blackout(at, *, book, field):
    """LIC-3: while renewals run, on the last day of a month, no licences are changed. `at` is in UTC, or None: not judged."""
    if at is None or at.day != calendar.monthrange(at.year, at.month)[1] or not book.value("amend.blackout").holds(at):
        return []
    free = at.date() + datetime.timedelta(days=1)
    message = _("On the last day of a month no licences are changed between %(hours)s UTC, while renewals run. Ask again on %(free)s.")
    policy = book.cite("amend.blackout")
    return [Finding("LIC-3", DENY, message % {"hours": policy["amend.blackout"], "free": day_in_full(free)}, field, "", free, policy)]


def nothing_changes(pbx, *, field):
    """LIC-3: what is wished is there already."""
    message = _("%(pbx)s has as many already: nothing would change.")
    return [Finding("LIC-3", WARN, message % {"pbx": pbx.name}, field, pbx.serial)]


def webinar_access_is_ended(is_confirmed, *, field):
    """LIC-7: Wizywebinar licences end only after the access of their users has been terminated."""
    if is_confirmed:
        return []
    message = _("End the Wizywebinar access of the users first, then confirm it here: only then can the licences end.")
    return [Finding("LIC-7", DENY, message, field)]


def changes_are_separate(pbx, *, field):
    """LIC-8: a read-only VP PBX gets more only by ticket, charged separately."""
    if not pbx.read_only:
        return []
    message = _("%(pbx)s is a read-only VP PBX: what is added is looked at by a person and charged separately.")
    return [Finding("LIC-8", REQUIRE, message % {"pbx": pbx.name}, field, pbx.serial)]


def upgrade_is_evaluated(pbx, *, book, today, field):
    """COM-5, COM-2, COM-3: more licences under Commitment are looked at by a person, discounted at once, billed from the order."""
    commitment = pbx.commitment_on(today)
    if not commitment:
        return []
    policy = book.cite("commitment.discount", origin=commitment.starts_on)
    evaluated = _("%(pbx)s is under a Commitment: the care team evaluates the upgrade.") % {"pbx": pbx.name}
    return [
        Finding("COM-5", REQUIRE, evaluated, field, pbx.serial),
        Finding("COM-2", WARN, _("Licences added under the Commitment get its discount at once."), field, pbx.serial, policy=policy),
        Finding("COM-3", WARN, _("What is added is billed from the day of its order, not from the start of the Commitment."), field),
    ]


def discount(pbx, *, book, today):
    """BIL-5: the percentage (Decimal) that a running Commitment takes off licences that are added; 0 without one."""
    commitment = pbx.commitment_on(today)
    table = book.value("commitment.discount", origin=commitment.starts_on) if commitment else ()
    return next((percent for years, percent in table if int(years) == commitment.years), Decimal(0))


def months_and_days(expires_on, today):
    """(whole months from today to the expiry by the calendar, the days that are left, how many days the month has that they are of)."""
    whole = 0
    while today + relativedelta(months=whole + 1) <= expires_on:
        whole += 1
    begun, ends = today + relativedelta(months=whole), today + relativedelta(months=whole + 1)
    return whole, (expires_on - begun).days, (ends - begun).days


def monthly_price(pbx, licence_type, *, book):
    """What one licence costs a month on this PBX: as its licences of the type, else by the price list."""
    present = next((licence for licence in pbx.licences.all() if licence.licence_type == licence_type), None)
    return present.monthly_price if present else dict(book.value("licence.monthly_prices"))[licence_type]


def prorated(pbx, licence_type, count, *, book, today):
    """LIC-4: the price of `count` more licences until the PBX expires, less a Commitment's discount; None where nobody knows until when."""
    if pbx.expires_on is None or pbx.expires_on <= today:
        return None
    whole, days, of_days = months_and_days(pbx.expires_on, today)
    each_day = monthly_price(pbx, licence_type, book=book) * count * (100 - discount(pbx, book=book, today=today))
    # Divided last: a thirtieth of a month, cut to its 28 digits, would round an exact half of a cent down.
    return to_the_cent(each_day * (whole * of_days + days) / (100 * of_days))


def price_policies(pbx, licence_type, *, book, today):
    """LIC-4: the values that the price of more licences is worked out by, in words; none where they cost as those that are there."""
    is_there = any(row.licence_type == licence_type for row in pbx.licences.all())
    commitment = pbx.commitment_on(today)
    values = {} if is_there else book.cite("licence.monthly_prices")
    return values | (book.cite("commitment.discount", origin=commitment.starts_on) if commitment else {})


def price_is_quoted(pbx, *, today, field):
    """LIC-4: where the PBX has no expiry ahead of `today`, a person works out the price, and nothing is added before it is accepted."""
    if pbx.expires_on is None and pbx.term == pbx.Term.LIFETIME:
        why = _("%(pbx)s is LifeTime and does not expire.")
    elif pbx.expires_on is None:
        why = _("We do not know until when %(pbx)s runs.")
    elif pbx.expires_on == today:
        why = _("The term of %(pbx)s ends on %(day)s.")
    else:
        why = _("The term of %(pbx)s ended on %(day)s and its renewal is not known.")
    values = {"pbx": pbx.name, "day": pbx.expires_on and day_in_full(pbx.expires_on)}
    message = why % values + " " + _("So the care team works out the price, and nothing is added before it is accepted.")
    return [Finding("LIC-4", REQUIRE, message, field, pbx.serial, needs="quote")]


def adds_what_was_quoted(pbx, then, quoted, *, field):
    """LIC-4: what is added is what the accepted price is for: nothing is charged twice, and nothing added for nothing.

    `then` is what it would have cost on the day of the request, `quoted` what was accepted (each {fee: amount}).
    """
    if then == quoted:
        return []
    message = _("The licences of %(pbx)s were changed since this was asked for, so that its price is not right any more: ask anew.")
    return [Finding("LIC-4", DENY, message % {"pbx": pbx.name}, field, pbx.serial, final=True)]


def can_take_commitment(pbx, years, *, book, today, field):
    """COM-1: only some terms take a Commitment, of some lengths, and one at a time. `years` is None while it is not chosen."""
    policy = book.cite("commitment.eligible_terms", "commitment.years")
    findings = []
    if commitment := pbx.commitment_on(today):
        free = free_of_commitment(pbx, today)
        message = _("%(pbx)s is under a Commitment until %(end)s already.") % {"pbx": pbx.name, "end": day_in_full(commitment.ends_on)}
        findings.append(Finding("COM-1", DENY, message, "pbx", pbx.serial, free, policy))
    if pbx.term not in book.value("commitment.eligible_terms"):
        message = _("%(pbx)s has the term %(term)s. A Commitment is for PBXs with these terms: %(terms)s.")
        values = {"pbx": pbx.name, "term": pbx.get_term_display(), "terms": policy["commitment.eligible_terms"]}
        findings.append(Finding("COM-1", DENY, message % values, "pbx", pbx.serial, policy=policy))
    if years is not None and str(years) not in book.value("commitment.years"):
        message = _("A Commitment lasts one of these numbers of years: %(years)s.")
        findings.append(Finding("COM-1", DENY, message % {"years": policy["commitment.years"]}, field, policy=policy))
    return findings


def commitment_discounts(pbx, years, *, book, field):
    """BIL-5 and COM-2: what a Commitment saves, and from when."""
    policy = book.cite("commitment.discount", origin=book.on)
    percent = next((share for lasts, share in book.value("commitment.discount", origin=book.on) if int(lasts) == years), None)
    if percent is None:
        return []
    saves = _("The licences of %(pbx)s cost %(percent)s %% less for %(years)s years from %(start)s.")
    values = {
        "pbx": pbx.name,
        "percent": plain(percent),
        "years": years,
        "start": day_in_full(book.on),
        "day": day_in_full(pbx.expires_on) if pbx.expires_on else "",
    }
    begins = _("Licences that are there get it with the next renewal, new ones at once.")
    if pbx.expires_on:
        begins = _("Licences that are there get it after the next renewal on %(day)s, new ones at once.")
    return [
        Finding("BIL-5", WARN, saves % values, field, pbx.serial, policy=policy),
        Finding("COM-2", WARN, begins % values, field, pbx.serial),
    ]


def can_become_xbees(pbx, target_term, *, book, field):
    """XB-1: from UC to x-bees only between the terms of the table, for good. `target_term` is "" while it is not chosen."""
    if pbx.product == pbx.Product.XBEES:
        return [Finding("XB-1", DENY, _("%(pbx)s is x-bees already.") % {"pbx": pbx.name}, "pbx", pbx.serial, final=True)]
    policy = book.cite("xbees.switch_terms")
    targets = [target for source, target, _years in book.value("xbees.switch_terms") if source == pbx.term]
    terms = dict(pbx.Term.choices)
    values = {"pbx": pbx.name, "term": pbx.get_term_display(), "targets": ", ".join(str(terms[target]) for target in targets)}
    if not targets:
        message = _("A UC PBX with the term %(term)s cannot be switched to x-bees.")
        return [Finding("XB-1", DENY, message % values, "pbx", pbx.serial, policy=policy)]
    findings = [Finding("XB-1", WARN, _("The switch is final: there is no trial, no way back and no credit."), "pbx", pbx.serial)]
    if target_term and target_term not in targets:
        message = _("From the term %(term)s the switch leads only to: %(targets)s.")
        findings.append(Finding("XB-1", DENY, message % values, field, pbx.serial, policy=policy))
    if pbx.term in book.value("xbees.reviewed_terms"):
        message = _("With the term %(term)s a person reviews the switch before it is approved.")
        policy = book.cite("xbees.reviewed_terms")
        findings.append(Finding("XB-1", REQUIRE, message % values, "pbx", pbx.serial, policy=policy))
    return findings


def can_be_switched_by_its_partner(pbx, *, has_services, book, today, field):
    """XB-1: what needs no request. `has_services`: whether numbers or HWaaS devices are on the PBX. A Commitment keeps it (COM-4)."""
    held = has_services or pbx.commitment_on(today)
    if held or pbx.product == pbx.Product.XBEES or pbx.term not in book.value("xbees.own_switch_terms"):
        return []
    message = _(
        "You can do it yourself: end the subscription of %(pbx)s and order any x-bees in the shop. "
        "Send this request if that is not offered to you."
    )
    return [Finding("XB-1", WARN, message % {"pbx": pbx.name}, field, pbx.serial, policy=book.cite("xbees.own_switch_terms"))]


def switch_commitment(pbx, target_term, *, book):
    """XB-1: the years of Commitment that go with a switch between these terms; 0 for none."""
    table = book.value("xbees.switch_terms")
    return next((int(years) for source, target, years in table if (source, target) == (pbx.term, target_term)), 0)


def switch_brings_commitment(pbx, target_term, *, book, today, field):
    """COM-1: the Commitment that goes with the switch; one that is running already stays."""
    years = switch_commitment(pbx, target_term, book=book)
    if not years or pbx.commitment_on(today):
        return []
    message = _("The switch comes with a Commitment of %(years)s years from the day on which it is done.")
    return [Finding("COM-1", WARN, message % {"years": years}, field, pbx.serial, policy=book.cite("xbees.switch_terms"))]
