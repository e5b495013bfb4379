"""Declarations of policy values: what staff may tune, what each value means, where it comes from and its initial values."""

import datetime
from dataclasses import dataclass

from policies.rulebook import RULES
from policies.units import Unit

# The published FAQ states no start date, so its values apply to everything an estate can contain.
EVER = datetime.date(1990, 1, 1)


@dataclass(frozen=True)
class Policy:
    """One declared policy value.

    `sentence` contains `{value}`; `rule` is the rule code shown to people; `start` holds the dated initial values. `question` is the
    FAQ question behind the value, if it differs from that of its rule. `basis` is the date at which the value is read: that of the
    request, or the origin of the thing judged, which `origin` then names ("the device’s order date"). If a policy names an origin,
    staff can choose the basis for each value. `assumed` marks an initial value for which the FAQ gives no figure, so that staff
    know to set their own.
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
        """Return the FAQ question the value comes from."""
        return self.question or RULES[self.rule].article

    def say(self, stored):
        """Return the sentence with a stored value filled in, in words."""
        return self.tell(self.unit.show(stored))

    def tell(self, shown):
        """Return the sentence with a value filled in that is already in words."""
        return str(self.sentence).replace("{value}", shown)


def policy(code, unit, value, sentence, *, rule, then=(), **more):
    """Declare one value; `then` lists later dated values from the FAQ itself as (date, value)."""
    return Policy(code, unit, sentence, rule, tuple((day, unit.clean(raw)) for day, raw in ((EVER, value), *then)), **more)
