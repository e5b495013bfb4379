"""What a request answers and what is known around it: what is judged."""

from collections.abc import Mapping

from tickets.models import Quote


class Answers(dict):
    """What was answered, as objects: a Did for a number, a date for a date. Parts may be missing while a form is filled in.

    `partner` asks. Once it is a ticket, `consents` says what the parties have decided ({party: "agreed" | "declined" | ""})
    and `attachments` how many files are there, `quoted` what was priced ({fee: amount}), and `agreed` the price that a person worked
    out and the partner accepted, if there is one; before, all are None. `at` is the moment of judging (a datetime in UTC) for the few
    rules that know hours; None where only the day is known.
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
