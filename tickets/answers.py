"""The answers of a request and their context: the input for judging it."""

from collections.abc import Mapping

from tickets.models import Quote


class Answers(dict):
    """The answers as objects: a Did for a number, a date for a date. Some may be missing while a form is being filled in.

    `partner` makes the request. For a ticket, `consents` has the parties' decisions ({party: "agreed" | "declined" | ""}),
    `attachments` the number of files, `quoted` the quoted prices ({fee: amount}), and `agreed` the price an agent calculated and the
    partner accepted, if any; before submission, all are None. `at` is the moment of judging (a datetime in UTC) for the few rules
    that consider the time of day; None if only the day is known.
    """

    def __init__(
        self,
        values=(),
        *,
        partner,
        consents: Mapping | None = None,
        attachments: int | None = None,
        quoted: Mapping | None = None,
        agreed: Quote | None = None,
        at=None,
    ):
        super().__init__(values)
        self.partner = partner
        self.consents = consents
        self.attachments = attachments
        self.quoted = quoted
        self.agreed = agreed
        self.at = at

    def things(self):
        """Yield the objects in the answers and in their rows; for a number as requested, its Did."""
        for answer in self.values():
            for one in answer if isinstance(answer, list) else [answer]:
                yield from (getattr(thing, "did", thing) for thing in (one.values() if isinstance(one, dict) else [one]))
