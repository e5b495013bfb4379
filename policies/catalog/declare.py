"""How a policy value is declared: what staff may tune, what it means, where it comes from and what it was at first."""

import datetime
from dataclasses import dataclass

from policies.units import Unit

# The published FAQ says nothing of a beginning, so its values hold for everything an estate can contain.
EVER = datetime.date(1990, 1, 1)


@dataclass(frozen=True)
class Policy:
    """One declared value.

    `sentence` holds `{value}`; `rule` is the code shown to people; `article` the FAQ question it comes from; `start` the
    dated first values. `basis` says at which date it is read: the request's, or the origin of the thing it judges, which
    `origin` then names ("the device's order date"). A policy that names an origin lets staff choose the basis per value.
    `assumed` marks a first value for which the FAQ gives no figure, so that staff know to set their own.
    """

    code: str
    unit: Unit
    sentence: str
    rule: str
    article: str
    start: tuple
    basis: str = "request"
    origin: str = ""
    assumed: bool = False

    def say(self, stored):
        """The sentence with a stored value in it, in words."""
        return self.tell(self.unit.show(stored))

    def tell(self, shown):
        """The sentence with a value in it that is in words already."""
        return str(self.sentence).replace("{value}", shown)


def policy(code, unit, value, sentence, *, rule, article, basis="request", origin="", since=EVER, then=(), assumed=False):
    """Declare one value; `then` lists later dated values of the FAQ itself as (date, value)."""
    start = tuple((day, unit.clean(raw)) for day, raw in ((since, value), *then))
    return Policy(code, unit, sentence, rule, article, start, basis, origin, assumed)
