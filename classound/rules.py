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
from policies.wording import as_announced, day_in_full, first_of

SHOWN = 5  # numbers that a sentence names
TERM = "did.minimum_term_months"
LONGEST = "porting.new_date_within"


def whole_range(did, asked, *, book, field):
    """DID-3: a range is bought, moved and cancelled whole. There is no such thing as a part of it, so nobody can set this aside."""
    if asked == did.number:
        return []
    message = _("%(asked)s is part of the range %(range)s, and a range cannot be split. Ask for the whole range instead.")
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
    """DID-4: only a number that is there can be cancelled."""
    if did.status == did.Status.CANCELLED:
        return [
            Finding("DID-4", DENY, _("%(number)s is cancelled already.") % {"number": grouped(did.number)}, field, did.number, final=True)
        ]
    return []


def _term_ends(did, book):
    return after(did.activated_on, book.value(TERM, origin=did.activated_on))


def numbers_on(pbx):
    """The numbers of a PBX that are not cancelled."""
    return [did for did in pbx.dids.all() if did.status != did.Status.CANCELLED]


def free_on(did, *, book, today, since=None):
    """The first day (from `since` on) on which neither a Commitment nor the minimum term holds the DID; None for one not active yet."""
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
    is_past = did.activated_on and today >= _term_ends(did, book)  # asked first: most are, and it is the quicker question
    if is_past or did.status == did.Status.CANCELLED or did.pbx.commitment_on(today):
        return []
    if did.activated_on is None:
        return _activation_unknown(did, book, field)
    policy = book.cite(TERM, origin=did.activated_on)
    free = free_on(did, book=book, today=today)
    message = _("%(number)s is kept for at least %(term)s from its activation on %(start)s: it can be cancelled from %(free)s.")
    values = {
        "number": grouped(did.number),
        "start": day_in_full(did.activated_on),
        "term": policy[TERM],
        "free": day_in_full(free),
    }
    message = message % values + as_announced(book, TERM, free, origin=did.activated_on, today=today)
    return [Finding("DID-1", DENY, message, field, did.number, free, policy)]


def end_with_their_pbx(dids, *, field):
    """DID-1: what a partner should know before a PBX ends: its numbers end with it."""
    if not dids:
        return []
    message = ngettext("This number ends with it: %(numbers)s.", "These numbers end with it: %(numbers)s.", len(dids))
    return [Finding("DID-1", WARN, message % {"numbers": first_of([grouped(did.number) for did in dids], SHOWN)}, field)]


def _activation_unknown(did, book, field):
    policy = book.cite(TERM)
    if did.status == did.Status.ORDERED:
        message = _("%(number)s is not active yet: its minimum term only begins with its activation.")
        return [Finding("DID-1", DENY, message % {"number": grouped(did.number)}, field, did.number, policy=policy)]
    message = _("We do not know when %(number)s was activated: the care team looks into its minimum term.")
    return [Finding("DID-1", REQUIRE, message % {"number": grouped(did.number)}, field, did.number, policy=policy)]


def porting_date_is_confirmed(did, *, today, field):
    """DID-6: only a confirmed porting date that is still to come, and is not being changed already, can be changed."""
    if did.status == did.Status.CANCELLED:
        message = _("%(number)s is cancelled: its porting cannot be moved.")
    elif not has_confirmed_date(did):
        message = _("%(number)s has no confirmed porting date, so there is nothing to change yet.")
    elif did.porting_date <= today:
        message = _("The porting date of %(number)s has come: it cannot be moved any more.")
    elif any(not change.outcome for change in did.porting_changes.all()):
        message = _("A change of the porting date of %(number)s is with the carrier already. Please wait for its answer.")
    else:
        return []
    return [Finding("DID-6", DENY, message % {"number": grouped(did.number)}, field, did.number, final=True)]


def has_confirmed_date(did):
    """Whether there is a porting date that the carrier has confirmed."""
    return did.porting_confirmed and did.porting_date is not None


def change_is_in_time(did, *, book, field):
    """DID-5: the request comes early enough before the confirmed date; exactly the notice is still in time.

    What counts is the day of the request (book.on), however long the care team takes.
    """
    if not has_confirmed_date(did):
        return []
    notice = book.value("porting.change_notice_business_days")
    last_day = before(did.porting_date, notice, did.country)
    if book.on <= last_day:
        return []
    policy = book.cite("porting.change_notice_business_days")
    message = _("A porting date can be changed up to %(notice)s before it. For %(date)s the last day was %(last)s.")
    values = {"notice": notice, "date": day_in_full(did.porting_date), "last": day_in_full(last_day)}
    return [Finding("DID-5", DENY, message % values, field, did.number, policy=policy)]


def _nearest(did, day, step) -> datetime.date:
    """`day`, or the nearest one before (step -1) or after it (step 1) that a porting can be moved to."""
    while not is_business_day(day, did.country) or day == did.porting_date:
        day += datetime.timedelta(days=step)
    return day


def earliest_new_date(did, *, book, today) -> datetime.date:
    """The first business day after the change window that the request's day opens, and never one that is not ahead."""
    window_ends = after(book.on, book.value("porting.change_notice_business_days"), did.country)
    return _nearest(did, max(window_ends, today) + datetime.timedelta(days=1), 1)


def latest_new_date(did, *, book) -> datetime.date:
    """Up to when a date can be asked for on the day of the request: what lies further off is a slip."""
    return after(book.on, book.value(LONGEST), did.country)


def new_date_is_possible(did, requested, *, book, today, field):
    """DID-5: the new date lies after the change window and not too far off, on a business day of the number's country, and is another.

    Each day that a refusal names is one that would not be refused.
    """
    earliest = earliest_new_date(did, book=book, today=today)
    latest = _nearest(did, latest_new_date(did, book=book), -1)
    if has_confirmed_date(did) and requested == did.porting_date:
        message = _("%(requested)s is the confirmed date already.")
    elif requested < earliest:
        message = _("The new date must be after the change window of %(notice)s: %(earliest)s is the first possible day.")
    elif requested > latest:
        message = _("The carrier is asked for a date within %(longest)s: %(latest)s is the last possible day.")
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
    """DID-5 and DID-6: what the partner should know before asking."""
    policy = book.cite("porting.default_time", "porting.configure_days_before")
    message = _("Porting happens by default at %(time)s in your time zone. Have the PBX configured at least %(days)s before.")
    values = {"time": policy["porting.default_time"], "days": policy["porting.configure_days_before"]}
    return [
        Finding("DID-5", WARN, _("The new date is not guaranteed: the carrier decides, and the fee is due either way."), field, did.number),
        Finding("DID-6", WARN, message % values, field, did.number, policy=policy),
    ]


def can_be_moved_to(did, target, *, field):
    """DID-8: a DID in service moves, and only to another PBX of the same end user. `target` is None while none is chosen."""
    values = {"number": grouped(did.number), "end_user": did.pbx.end_user.name, "target": target.name if target else ""}
    if did.status == did.Status.CANCELLED:
        return [Finding("DID-8", DENY, _("%(number)s is cancelled: it cannot be moved.") % values, field, did.number, final=True)]
    if target is None:
        return []
    if target == did.pbx:
        return [Finding("DID-8", DENY, _("%(number)s is on %(target)s already.") % values, field, did.number, final=True)]
    if target.end_user != did.pbx.end_user:
        message = _("%(number)s belongs to %(end_user)s and can only be moved to another PBX of %(end_user)s. %(target)s is not one.")
        return [Finding("DID-8", DENY, message % values, field, did.number)]
    return []


def not_detached_under_commitment(did, *, today, field):
    """COM-4: moving a DID takes it off its PBX, which a Commitment does not allow before it ends."""
    commitment = did.pbx.commitment_on(today)
    if not commitment or did.status == did.Status.CANCELLED:
        return []
    free = free_of_commitment(did.pbx, today)
    message = _("The PBX %(pbx)s is under a Commitment: %(number)s cannot leave it before %(free)s.")
    values = {"pbx": did.pbx.name, "number": grouped(did.number), "free": day_in_full(free)}
    return [Finding("COM-4", DENY, message % values + renews_itself(did.pbx, free), field, did.number, free)]


def takes_over_term(dids, target, *, today, field):
    """DID-9: everything on a PBX shares its term and expiry. Where nobody can say what they are, a person looks first."""
    values = {"pbx": target.name, "term": target.get_term_display(), "end": day_in_full(target.expires_on) if target.expires_on else ""}
    is_known = target.expires_on or target.term == target.Term.LIFETIME
    if not is_known:
        message = _("We do not know when the subscription of %(pbx)s expires: the care team looks into it before numbers take it over.")
        return [Finding("DID-9", REQUIRE, message % values, field, target.serial)]
    if target.expires_on and target.expires_on < today:
        message = _("The subscription of %(pbx)s ended on %(end)s: the care team looks into it before numbers take it over.")
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
    """DID-13: where the code is not in our books, a person asks the carrier for it."""
    if did.migration_code:
        return []
    message = _("We do not have the migration code of %(number)s here: the care team finds it out and answers.")
    return [Finding("DID-13", WARN, message % {"number": grouped(did.number)}, field, did.number)]
