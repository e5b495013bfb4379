"""Rules about the renewal and end of Commitments (COM-6). Pure: facts and a day in."""

import datetime

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from policies.verdict import DENY, WARN, Finding
from policies.wording import day_in_full


def end_of(starts_on, years):
    """Return the day on which a Commitment of this many years ends (COM-1); that day itself is free."""
    return starts_on + relativedelta(years=years)


def next_period(commitment):
    """Return (first day, end) of the following Commitment: the same years, from the day after the free end date (COM-6)."""
    starts_on = commitment.ends_on + datetime.timedelta(days=1)
    return starts_on, end_of(starts_on, commitment.years)


def ends_and_renews(pbx, years, *, starts_on, field):
    """COM-6: tell a partner about to take a Commitment when it ends and that it renews automatically."""
    message = _(
        "The Commitment ends on %(end)s and renews automatically the day after for the same number of years, unless you ask us "
        "beforehand to let it end."
    )
    values = {"end": day_in_full(end_of(starts_on, years))}
    return [Finding("COM-6", WARN, message % values, field, pbx.serial)]


def stays_until_its_end(pbx, *, today, field):
    """COM-4: a number or HWaaS device added to a PBX under Commitment stays there until the Commitment ends."""
    commitment = pbx.commitment_on(today)
    if not commitment:
        return []
    message = _("%(pbx)s is under a Commitment until %(end)s: anything added now cannot be removed before then.")
    return [Finding("COM-4", WARN, message % {"pbx": pbx.name, "end": day_in_full(commitment.ends_on)}, field, pbx.serial)]


def renews_itself(pbx, free):
    """Return the sentence that a Commitment ending on `free` renews the day after, to append to a message; "" otherwise (COM-6).

    The PBX is under Commitment.
    """
    last = max(pbx.commitments.all(), key=lambda one: (one.ends_on, one.starts_on))
    if last.ends_on != free or not last.renews:
        return ""
    message = _("The Commitment renews automatically on %(day)s, unless you ask us beforehand to let it end.")
    return " " + message % {"day": day_in_full(next_period(last)[0])}


def is_due_for_renewal(commitment, others, *, today):
    """Return whether a Commitment is set to renew, its free day has passed and none of `others` on the PBX ends later (COM-6)."""
    is_last = all(other.ends_on <= commitment.ends_on for other in others)
    return commitment.renews and commitment.ends_on < today and is_last and commitment.pbx.terminated_on is None


def renewal_can_be_changed(commitment, others, *, today, field):
    """COM-6: renewal can be changed until the free day has passed; after that, the Commitment has been renewed or has ended."""
    if any(other.ends_on > commitment.ends_on for other in others):
        message = _("This Commitment has been followed by another one: change that one instead.")
    elif commitment.ends_on < today:
        message = _("This Commitment ended on %(end)s and cannot be resumed. A new one requires a request.")
    else:
        return []
    return [Finding("COM-6", DENY, message % {"end": day_in_full(commitment.ends_on)}, field, commitment.pbx.serial)]


def how_it_ends(commitment):
    """Return a warning that explains what happens at the end of a Commitment (COM-6)."""
    values = {"end": day_in_full(commitment.ends_on), "next": day_in_full(next_period(commitment)[0]), "years": commitment.years}
    if commitment.renews:
        message = _("The Commitment continues for %(years)s more years from %(next)s. Services can be removed on %(end)s itself.")
    else:
        message = _("The Commitment ends on %(end)s and does not renew.")
    return Finding("COM-6", WARN, message % values, subject=commitment.pbx.serial)
