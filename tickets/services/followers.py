"""Followers of a ticket: partner colleagues get the same e-mails as the requester, care team members are notified at the desk."""

from django.db import transaction
from django.utils.translation import gettext as _

from engine.prepared_queries import Parameter, PreparedQuery
from partners.models import User
from tickets.areas import area_of
from tickets.forms import SHOWN
from tickets.models import Event, Follower, Subscription
from tickets.services.lifecycle import NotNow, lock, record

MOST = 20


def may_follow(ticket, *, by):
    """Return the people `by` may add: active contacts of the ticket's partner and, for staff, the care team. At most SHOWN."""
    return _who(by.is_care, partner=ticket.partner_id)


def _allowed(is_care, partner):
    colleagues = User.objects.filter(is_active=True, partner=partner)
    return (colleagues | User.objects.care() if is_care else colleagues).order_by("full_name")


_who = PreparedQuery(lambda is_care: _allowed(is_care, Parameter("partner")).only("full_name", "email", "role", "partner")[:SHOWN])


@transaction.atomic
def follow(number, user, *, by, at):
    """Add a follower; repeating it changes nothing. Raise NotNow for somebody who may not see the ticket."""
    ticket = lock(number)
    if not _allowed(by.is_care, ticket.partner_id).filter(pk=user.pk).exists():
        raise NotNow(_("Only contacts of this partner and members of the care team can follow this ticket."))
    if ticket.followers.count() >= MOST:
        raise NotNow(_("A ticket can have at most %(most)s followers.") % {"most": MOST})
    follower, is_new = Follower.objects.get_or_create(ticket=ticket, user=user, defaults={"added_by": by, "at": at})
    if is_new:
        record(ticket, Event.Kind.FOLLOWED, actor=by, at=at, internal=user.is_care, new=str(user))
    return follower


@transaction.atomic
def unfollow(number, user, *, by, at):
    """Remove a follower; nothing changes if the user does not follow the ticket."""
    ticket = lock(number)
    gone, _rows = Follower.objects.filter(ticket=ticket, user=user).delete()
    if gone:
        record(ticket, Event.Kind.FOLLOWED, actor=by, at=at, internal=user.is_care, old=str(user))


@transaction.atomic
def subscribe(user, areas):
    """Make the user follow colleagues' new requests in exactly these areas."""
    user.subscriptions.exclude(area__in=areas).delete()
    Subscription.objects.bulk_create([Subscription(user=user, area=area) for area in areas], ignore_conflicts=True)


_subscribers = PreparedQuery(
    lambda: User.objects.filter(is_active=True, partner=Parameter("partner"), subscriptions__area=Parameter("area")).only("full_name")[
        :MOST
    ],
    by_key=True,
)


def follow_new(ticket, *, at):
    """Add the subscribers of a new ticket's area as followers, in the transaction that creates it. Return whether there are any."""
    found = _subscribers(partner=ticket.partner_id, area=area_of(ticket.topic))
    new = [Follower(ticket=ticket, user=one, added_by=one, at=at) for one in found if one.pk != ticket.requester_id]
    if new:
        Follower.objects.bulk_create(new)
    return bool(new)
