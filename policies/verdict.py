"""What a rule answers: findings, charges and the verdict they add up to. Frozen values, no database, no clock."""

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

DENY, REQUIRE, WARN, CHARGE = "deny", "require", "warn", "charge"
ALLOWED, NEEDS_REVIEW, DENIED = "allowed", "needs_review", "denied"
UNJUSTIFIED, AGAIN = "rejected_unjustified", "rejected_again"  # of what a refusal costs, and of what it costs after that was given back


@dataclass(frozen=True)
class Finding:
    """One rule's answer about one request.

    `effect` is deny, require, warn or charge; `field` the form field it is about; `subject` the thing (a number, a serial);
    `allowed_from` the first day on which time alone would have cured it; `policy` the dated values it used, as shown; `needs` what a
    requirement asks for: an approval unless it names a consent, document or quote (a price that a person works out and the partner
    accepts). `overridden` holds who set it aside and why; a `final` finding names what cannot be done at all (nothing there to change),
    so nobody can set it aside.
    """

    rule: str
    effect: str
    message: str
    field: str = ""
    subject: str = ""
    allowed_from: datetime.date | None = None
    policy: Mapping[str, str] = dataclasses.field(default_factory=dict)
    needs: str = ""
    overridden: str = ""
    final: bool = False

    def __post_init__(self):
        if self.effect == REQUIRE and not self.needs:
            object.__setattr__(self, "needs", "approval")

    @property
    def blocks(self):
        """Whether this finding stands in the way of executing: a denial, or a consent, document or quote still missing."""
        return not self.overridden and (self.effect == DENY or self.needs in ("consent", "document", "quote"))

    @property
    def may_be_overridden(self):
        """Whether somebody with the right can set it aside (still)."""
        return self.effect in (DENY, REQUIRE) and not self.final and not self.overridden

    def as_json(self):
        """The finding as the API shows it and the ticket keeps it."""
        data = {
            "rule": self.rule,
            "effect": self.effect,
            "field": self.field,
            "subject": self.subject,
            "message": str(self.message),
            "allowed_from": self.allowed_from.isoformat() if self.allowed_from else None,
            "policy": dict(self.policy),
        }
        return data | {key: value for key, value in (("needs", self.needs), ("overridden", self.overridden)) if value}


def last_named_day(denials):
    """The latest of the days from which denied things are possible; None where nothing is denied, or time cures not all of it."""
    days = [finding.allowed_from for finding in denials]
    return max(days) if days and all(days) else None


@dataclass(frozen=True)
class Charge:
    """Money the request causes: `amount` (Decimal) in `currency`, due from the partner `payer` (its code) when `moment` comes.

    `moment` is executed, sent_to_carrier, dispatched, rejected_unjustified, rejected_again or taken_back. `kind` is that of the ledger
    entry: a fee of the price list, another charge (a price), or a credit_note or reversal, whose amount goes to the partner named as payer.
    """

    fee: str
    title: str
    amount: Decimal
    currency: str
    payer: str
    moment: str = "executed"
    kind: str = "fee"

    @property
    def contingent(self):
        """Whether only a refusal would cause it: no part of the price that the requester accepts."""
        return self.moment in (UNJUSTIFIED, AGAIN)

    def as_json(self):
        data = {
            "fee": self.fee,
            "title": str(self.title),
            "amount": f"{self.amount:.2f}",
            "currency": self.currency,
            "payer": self.payer,
            "moment": self.moment,
            "kind": self.kind,
        }
        return data | ({"contingent": True} if self.contingent else {})


@dataclass(frozen=True)
class Verdict:
    """All findings about one request, with its charges and credits, judged by the values of `policy_date`.

    `possible_from` is the first of the named days on which nothing in it is denied any more, None where there is none; pages say it.
    """

    findings: tuple = ()
    charges: tuple = ()
    credits: tuple = ()
    policy_date: datetime.date | None = None
    possible_from: datetime.date | None = None

    def __post_init__(self):
        """Raises ValueError where two charges have one code: a ticket is charged a code once (0040), however many things it names."""
        codes = [charge.fee for charge in self.charges]
        if len(set(codes)) < len(codes):
            raise ValueError(f"Charges of one code are one charge of their sum; or say what each is for, as price.hardware:SERIAL: {codes}")

    @property
    def outcome(self):
        """Denied if anything denies; else needs_review if anything requires a person; else allowed."""
        standing = {finding.effect for finding in self.findings if not finding.overridden}
        return DENIED if DENY in standing else NEEDS_REVIEW if REQUIRE in standing else ALLOWED

    @property
    def blocking(self):
        """The findings that stand in the way of executing."""
        return [finding for finding in self.findings if finding.blocks]

    def overridden(self, overrides):
        """This verdict with the findings of the given rules set aside: {rule: "name: reason"}."""
        return replace(
            self,
            findings=tuple(
                replace(f, overridden=overrides[f.rule]) if f.rule in overrides and f.may_be_overridden else f for f in self.findings
            ),
        )

    def as_json(self):
        """The verdict as the API answers it and the ticket keeps it for years."""
        return {
            "outcome": self.outcome,
            "findings": [finding.as_json() for finding in self.findings],
            "charges": [charge.as_json() for charge in self.charges],
            "credits": [credit.as_json() for credit in self.credits],
            "policy_date": self.policy_date.isoformat() if self.policy_date else None,
        }
