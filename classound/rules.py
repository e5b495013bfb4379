"""Rules about DIDs and their porting. Pure: facts, dated values and a day in, findings out (DID-1 to DID-9)."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classound.numbers import grouped
from pbx.commitment_rules import renews_itself
from pbx.rules import first_free_day, free_of_commitment
from policies.countries import country_name
from policies.days import after, before, is_business_day
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import announced_sentence, day_in_full, first_of

SHOWN = 5  # numbers that a sentence names
TERM = "did.minimum_term_months"
LONGEST = "porting.new_date_within"


def whole_range(did, asked, *, book, field):
    """DID-3: a range is bought, moved and cancelled as a whole. Parts of it do not exist, so nobody can override this."""
    if asked == did.number:
        return []
    message = _("%(asked)s is part of the range %(range)s, and a range cannot be split. Request the whole range instead.")
    return [
        Finding(
            "DID-3",
            DENY,
            message % {"asked": grouped(asked), "range": grouped(did.number)},
            field,
            asked,
            policy=book.cite("did.range_sizes"),
            final=True,
        )
    ]


def is_in_service(did, *, field):
    """DID-4: only a number that is still in service can be cancelled."""
    if did.status == did.Status.CANCELLED:
        message = _("%(number)s has already been cancelled.") % {"number": grouped(did.number)}
        return [Finding("DID-4", DENY, message, field, did.number, final=True)]
    return []


def numbers_on(pbx):
    """Return the numbers of a PBX that are not cancelled."""
    return [did for did in pbx.dids.all() if did.status != did.Status.CANCELLED]


def free_on(did, *, book, today, since=None):
    """Return the first day, from `since` on, that neither a Commitment nor the minimum term binds the DID; None if not yet active."""
    if did.activated_on is None and did.status == did.Status.ORDERED:
        return None
    return first_free_day(did.pbx, TERM, did.activated_on, book=book, today=today, since=since)


def not_under_commitment(did, *, book, today, field):
    """DID-2: nothing leaves a PBX before its Commitment has ended."""
    commitment = did.pbx.commitment_on(today)
    if not commitment or did.status == did.Status.CANCELLED:
        return []
    free = free_on(did, book=book, today=today)
    message = _("The PBX %(pbx)s is under a Commitment until %(end)s. Nothing on it can be cancelled before then.")
    if free and free > commitment.ends_on:
        message += " " + _("%(number)s can be cancelled from %(free)s.")
    values = {
        "pbx": did.pbx.name,
        "end": day_in_full(commitment.ends_on),
        "number": grouped(did.number),
        "free": day_in_full(free) if free else "",
    }
    message = message % values + renews_itself(did.pbx, free_of_commitment(did.pbx, today))
    return [Finding("DID-2", DENY, message, field, did.number, free)]


def past_minimum_term(did, *, book, today, field):
    """DID-1: a new DID is kept for its minimum term from activation. Does not apply under Commitment (DID-2)."""
    is_past = did.activated_on and today >= book.ends_on(TERM, did.activated_on)  # checked first: it is true of most and cheaper to check
    if is_past or did.status == did.Status.CANCELLED or did.pbx.commitment_on(today):
        return []
    if did.activated_on is None:
        return _activation_unknown(did, book, field)
    policy = book.cite(TERM, origin=did.activated_on)
    free = free_on(did, book=book, today=today)
    message = _("%(number)s must be kept for at least %(term)s from its activation on %(start)s. It can be cancelled from %(free)s.")
    values = {
        "number": grouped(did.number),
        "start": day_in_full(did.activated_on),
        "term": policy[TERM],
        "free": day_in_full(free),
    }
    message = message % values + announced_sentence(book, TERM, free, origin=did.activated_on, today=today)
    return [Finding("DID-1", DENY, message, field, did.number, free, policy)]


def end_with_their_pbx(dids, *, field):
    """DID-1: warn a partner terminating a PBX that its numbers end with it."""
    if not dids:
        return []
    message = ngettext("This number ends with the PBX: %(numbers)s.", "These numbers end with the PBX: %(numbers)s.", len(dids))
    return [Finding("DID-1", WARN, message % {"numbers": first_of([grouped(did.number) for did in dids], SHOWN)}, field)]


def _activation_unknown(did, book, field):
    policy = book.cite(TERM)
    if did.status == did.Status.ORDERED:
        message = _("%(number)s is not active yet: its minimum term only starts with its activation.")
        return [Finding("DID-1", DENY, message % {"number": grouped(did.number)}, field, did.number, policy=policy)]
    message = _("We do not know when %(number)s was activated: the care team will check its minimum term.")
    return [Finding("DID-1", REQUIRE, message % {"number": grouped(did.number)}, field, did.number, policy=policy)]


def porting_date_is_confirmed(did, *, today, field):
    """DID-6: only a confirmed porting date that is in the future and not already being changed can be changed."""
    if did.status == did.Status.CANCELLED:
        message = _("%(number)s has been cancelled: its porting date cannot be changed.")
    elif not has_confirmed_date(did):
        message = _("%(number)s has no confirmed porting date, so there is nothing to change yet.")
    elif did.porting_date <= today:
        message = _("The porting date of %(number)s has been reached and can no longer be changed.")
    elif any(not change.outcome for change in did.porting_changes.all()):
        message = _("A change of the porting date of %(number)s is already with the carrier. Wait for its answer.")
    else:
        return []
    return [Finding("DID-6", DENY, message % {"number": grouped(did.number)}, field, did.number, final=True)]


def has_confirmed_date(did):
    """Return whether the number has a porting date confirmed by the carrier."""
    return did.porting_confirmed and did.porting_date is not None


def change_is_in_time(did, *, book, field):
    """DID-5: the request must precede the confirmed date by the notice period; exactly the notice period is still in time.

    The day of the request (book.on) counts, however long the care team takes.
    """
    if not has_confirmed_date(did):
        return []
    notice = book.value("porting.change_notice_business_days")
    last_day = before(did.porting_date, notice, did.country)
    if book.on <= last_day:
        return []
    policy = book.cite("porting.change_notice_business_days")
    message = _("A porting date can be changed up to %(notice)s before it. For %(date)s, the last day to do so was %(last)s.")
    values = {"notice": notice, "date": day_in_full(did.porting_date), "last": day_in_full(last_day)}
    return [Finding("DID-5", DENY, message % values, field, did.number, policy=policy)]


def _nearest(did, day, step) -> datetime.date:
    """Return `day`, or the nearest day before it (step -1) or after it (step 1) to which a porting can be moved."""
    while not is_business_day(day, did.country) or day == did.porting_date:
        day += datetime.timedelta(days=step)
    return day


def earliest_new_date(did, *, book, today) -> datetime.date:
    """Return the first business day after the change window counted from the request date; it is always after today."""
    window_ends = after(book.on, book.value("porting.change_notice_business_days"), did.country)
    return _nearest(did, max(window_ends, today) + datetime.timedelta(days=1), 1)


def latest_new_date(did, *, book) -> datetime.date:
    """Return the latest date that can be requested on the day of the request; a later one is taken for a mistake."""
    return after(book.on, book.value(LONGEST), did.country)


def new_date_is_possible(did, requested, *, book, today, field):
    """DID-5: the new date must be after the change window, not too far ahead, a business day in the number's country, and different.

    Every day that a finding suggests would itself be accepted.
    """
    earliest = earliest_new_date(did, book=book, today=today)
    latest = _nearest(did, latest_new_date(did, book=book), -1)
    if has_confirmed_date(did) and requested == did.porting_date:
        message = _("%(requested)s is already the confirmed date.")
    elif requested < earliest:
        message = _("The new date must be after the change window of %(notice)s: %(earliest)s is the first possible day.")
    elif requested > latest:
        message = _("The new date must be within %(longest)s: %(latest)s is the last possible day.")
    elif not is_business_day(requested, did.country):
        message = _("%(requested)s is not a business day in %(country)s. The next one is %(next)s.")
    else:
        return []
    values = {
        "notice": book.value("porting.change_notice_business_days"),
        "earliest": day_in_full(earliest),
        "longest": book.value(LONGEST),
        "latest": day_in_full(latest),
        "requested": day_in_full(requested),
        "country": country_name(did.country),
        "next": day_in_full(_nearest(did, requested, 1)),
    }
    return [Finding("DID-5", DENY, message % values, field, did.number, policy=book.cite("porting.change_notice_business_days", LONGEST))]


def porting_reminders(did, *, book, field):
    """DID-5, DID-6: what the partner should know before submitting the request."""
    policy = book.cite("porting.default_time", "porting.configure_days_before")
    message = _("By default, numbers are ported at %(time)s in your time zone. Configure the PBX at least %(days)s before.")
    values = {"time": policy["porting.default_time"], "days": policy["porting.configure_days_before"]}
    return [
        Finding("DID-5", WARN, _("The new date is not guaranteed: the carrier decides, and the fee is due either way."), field, did.number),
        Finding("DID-6", WARN, message % values, field, did.number, policy=policy),
    ]


def can_be_moved_to(did, target, *, field):
    """DID-8: a DID in service can be moved, but only to another PBX of the same end user. `target` is None until one is chosen."""
    values = {"number": grouped(did.number), "end_user": did.pbx.end_user.name, "target": target.name if target else ""}
    if did.status == did.Status.CANCELLED:
        return [Finding("DID-8", DENY, _("%(number)s has been cancelled and cannot be moved.") % values, field, did.number, final=True)]
    if target is None:
        return []
    if target == did.pbx:
        return [Finding("DID-8", DENY, _("%(number)s is already on %(target)s.") % values, field, did.number, final=True)]
    if target.end_user != did.pbx.end_user:
        message = _("%(number)s belongs to %(end_user)s and can only be moved to its other PBXs. %(target)s belongs to another end user.")
        return [Finding("DID-8", DENY, message % values, field, did.number)]
    return []


def not_detached_under_commitment(did, *, today, field):
    """COM-4: moving a DID detaches it from its PBX, which a Commitment does not allow before it ends."""
    commitment = did.pbx.commitment_on(today)
    if not commitment or did.status == did.Status.CANCELLED:
        return []
    free = free_of_commitment(did.pbx, today)
    message = _("The PBX %(pbx)s is under a Commitment: %(number)s cannot be moved off it before %(free)s.")
    values = {"pbx": did.pbx.name, "number": grouped(did.number), "free": day_in_full(free)}
    return [Finding("COM-4", DENY, message % values + renews_itself(did.pbx, free), field, did.number, free)]


def takes_over_term(dids, target, *, today, field):
    """DID-9: everything on a PBX shares its term and expiry. If these are unknown or have passed, a person checks first."""
    values = {"pbx": target.name, "term": target.get_term_display(), "end": day_in_full(target.expires_on) if target.expires_on else ""}
    is_known = target.expires_on or target.term == target.Term.LIFETIME
    if not is_known:
        message = _("We do not know when the subscription of %(pbx)s expires: the care team will check before numbers take over its term.")
        return [Finding("DID-9", REQUIRE, message % values, field, target.serial)]
    if target.expires_on and target.expires_on < today:
        message = _("The subscription of %(pbx)s ended on %(end)s: the care team will check before numbers take over its term.")
        return [Finding("DID-9", REQUIRE, message % values, field, target.serial)]
    if all((did.pbx.term, did.pbx.expires_on) == (target.term, target.expires_on) for did in dids):
        return []
    if target.expires_on:
        message = _(
            "Everything on a PBX shares its term and expiry: the numbers take over those of %(pbx)s (%(term)s, expires on %(end)s)."
        )
    else:
        message = _("Everything on a PBX shares its term: the numbers take over that of %(pbx)s (%(term)s).")
    return [Finding("DID-9", WARN, message % values, field, target.serial)]


def migration_code_is_known(did, *, field):
    """DID-13: if the code is not on file, a person asks the carrier for it."""
    if did.migration_code:
        return []
    message = _("We do not have the migration code of %(number)s on file: the care team will find it and reply.")
    return [Finding("DID-13", WARN, message % {"number": grouped(did.number)}, field, did.number)]
