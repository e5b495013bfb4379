"""How a policy value is declared: what staff may tune, what it means, where it comes from and what it was at first."""

import datetime
from dataclasses import dataclass

from policies.rulebook import RULES
from policies.units import Unit

# The published FAQ says nothing of a beginning, so its values hold for everything an estate can contain.
EVER = datetime.date(1990, 1, 1)


@dataclass(frozen=True)
class Policy:
    """One declared value.

    `sentence` holds `{value}`; `rule` is the code shown to people, `start` the dated first values; `question` the FAQ question it
    comes from, where that is not the one of its rule. `basis` says at which date it is read: the request's, or the origin of the
    thing it judges, which `origin` then names ("the device's order date"). A policy that names an origin lets staff choose the
    basis per value. `assumed` marks a first value for which the FAQ gives no figure, so that staff know to set their own.
    """

    code: str
    unit: Unit
    sentence: str
    rule: str
    start: tuple
    question: str = ""
    basis: str = "request"
    origin: str = ""
    assumed: bool = False

    @property
    def article(self):
        """The FAQ question it comes from."""
        return self.question or RULES[self.rule].article

    def say(self, stored):
        """The sentence with a stored value in it, in words."""
        return self.tell(self.unit.show(stored))

    def tell(self, shown):
        """The sentence with a value in it that is in words already."""
        return str(self.sentence).replace("{value}", shown)


def policy(code, unit, value, sentence, *, rule, then=(), **more):
    """Declare one value; `then` lists later dated values of the FAQ itself as (date, value)."""
    return Policy(code, unit, sentence, rule, tuple((day, unit.clean(raw)) for day, raw in ((EVER, value), *then)), **more)
