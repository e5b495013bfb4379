"""Fast lists of rows that belong to a partner's PBXs, however large the whole table is."""

from pbx.models import Pbx
from web.user_input import name_matches, starts_with

MOST = 200  # PBXs: rows of a partner with more are frequent enough in the whole table


def narrow_to_own_pbxs(things, user):
    """Return `things` (a queryset with a `pbx`, such as the devices this user sees) narrowed to the user's PBXs by key. One query.

    The owner of a row is two joins away. For the first fifty in order, PostgreSQL would scan everyone's rows, assuming that the user's
    are evenly distributed; for given PBX keys it can estimate the number of rows and uses the index on them.
    """
    pbxs = list(Pbx.objects.visible_to(user).order_by().values_list("pk", flat=True)[: MOST + 1])
    return things if len(pbxs) > MOST else things.filter(pbx__in=pbxs)


def halves_of_named(pbxs, text):
    """Return two querysets, together those of `pbxs` whose serial number starts with the text or whose name or end user's name matches.

    Each half has an index. In one condition, the two names would be compared row by row.
    """
    own = pbxs.filter(starts_with(text, "serial") | name_matches(text, "name"))
    return own.order_by(), pbxs.filter(name_matches(text, "end_user__name")).order_by()
