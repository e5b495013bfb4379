"""Rules about how Commitments go on and end (COM-6). Pure: facts and a day in."""

import datetime

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from policies.verdict import DENY, WARN, Finding
from policies.wording import day_in_full


def end_of(starts_on, years):
    """COM-1: the day on which a Commitment of so many years ends, which is free itself."""
    return starts_on + relativedelta(years=years)


def next_period(commitment):
    """COM-6: (first day, end) of the Commitment that follows: the same years, from the day after the end, which itself is free."""
    starts_on = commitment.ends_on + datetime.timedelta(days=1)
    return starts_on, end_of(starts_on, commitment.years)


def ends_and_renews(pbx, years, *, starts_on, field):
    """COM-6: what a partner should know before it takes a Commitment of so many years: its end, and that it renews itself."""
    message = _(
        "The Commitment ends on %(end)s and renews itself the day after for as many years unless we are told before that it is to end."
    )
    values = {"end": day_in_full(end_of(starts_on, years))}
    return [Finding("COM-6", WARN, message % values, field, pbx.serial)]


def stays_until_its_end(pbx, *, today, field):
    """COM-4: what comes to a PBX under Commitment, a number or a device as a service, stays there until it ends."""
    commitment = pbx.commitment_on(today)
    if not commitment:
        return []
    message = _("%(pbx)s is under a Commitment until %(end)s: what comes to it now cannot leave it before.")
    return [Finding("COM-4", WARN, message % {"pbx": pbx.name, "end": day_in_full(commitment.ends_on)}, field, pbx.serial)]


def renews_itself(pbx, free):
    """COM-6: what a sentence adds that names the day `free` on which a Commitment has ended: that it goes on the day after; else empty."""
    last = max(pbx.commitments.all(), key=lambda one: (one.ends_on, one.starts_on), default=None)
    if last is None or last.ends_on != free or not last.renews:
        return ""
    message = _("The Commitment renews itself on %(day)s unless we are told before that it is to end.")
    return " " + message % {"day": day_in_full(next_period(last)[0])}


def is_due_for_renewal(commitment, others, *, today):
    """COM-6: whether the free day of a Commitment that renews is over and no other (of `others` on the PBX) reaches further."""
    is_last = all(other.ends_on <= commitment.ends_on for other in others)
    return commitment.renews and commitment.ends_on < today and is_last and commitment.pbx.terminated_on is None


def renewal_can_be_changed(commitment, others, *, today, field):
    """COM-6: whether a Commitment renews is settled as long as its free day is not over; then it has gone on, or it is history."""
    if any(other.ends_on > commitment.ends_on for other in others):
        message = _("Another Commitment has followed this one: change that one.")
    elif commitment.ends_on < today:
        message = _("This Commitment ended on %(end)s: it is not taken up again. A new one starts by a request.")
    else:
        return []
    return [Finding("COM-6", DENY, message % {"end": day_in_full(commitment.ends_on)}, field, commitment.pbx.serial)]


def how_it_ends(commitment):
    """COM-6: what happens at the end of a Commitment, as a finding that warns."""
    values = {"end": day_in_full(commitment.ends_on), "next": day_in_full(next_period(commitment)[0]), "years": commitment.years}
    if commitment.renews:
        message = _("The Commitment goes on for %(years)s more years from %(next)s. On %(end)s itself services can be taken off.")
    else:
        message = _("The Commitment ends on %(end)s and does not renew.")
    return Finding("COM-6", WARN, message % values, subject=commitment.pbx.serial)
