"""The results of rules: findings, charges and the verdict they form. Frozen values; no database, no clock."""

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

DENY, REQUIRE, WARN, CHARGE = "deny", "require", "warn", "charge"
ALLOWED, NEEDS_REVIEW, DENIED = "allowed", "needs_review", "denied"
UNJUSTIFIED, AGAIN = "rejected_unjustified", "rejected_again"  # moments of a rejection fee, and of one after an earlier one was credited


@dataclass(frozen=True)
class Finding:
    """One rule's answer about one request.

    `effect` is deny, require, warn or charge; `field` the form field it concerns; `subject` the item it concerns (a number, a serial);
    `allowed_from` the first day on which the passing of time alone resolves it; `policy` the dated values it used, in words; `needs`
    what a requirement asks for: an approval, unless it names a consent, document or quote (a price that a person works out and the
    partner accepts). `overridden` records who overrode it and why. A `final` finding concerns something impossible (nothing to
    change), so nobody can override it.
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
        """Return whether this finding prevents execution: a denial, or a consent, document or quote still missing."""
        return not self.overridden and (self.effect == DENY or self.needs in ("consent", "document", "quote"))

    @property
    def may_be_overridden(self):
        """Return whether somebody with the permission can (still) override it."""
        return self.effect in (DENY, REQUIRE) and not self.final and not self.overridden

    def as_json(self):
        """Return the finding as the API shows it and the ticket stores it."""
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
    """Return the latest day from which all denials are lifted; None if nothing is denied or time alone does not resolve everything."""
    days = [finding.allowed_from for finding in denials]
    return max(days) if days and all(days) else None


@dataclass(frozen=True)
class Charge:
    """A charge or credit of a request: `amount` (Decimal) in `currency`, due from the partner `payer` (its code) when `moment` occurs.

    `moment` is executed, sent_to_carrier, dispatched, rejected_unjustified, rejected_again or taken_back. `kind` is that of the ledger
    entry: a fee from the price list, another charge (a price), or a credit_note or reversal, whose amount is credited to the payer.
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
        """Return whether it is due only on rejection, and so is not part of the price the requester accepts."""
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

    `possible_from` is the first of the named days on which nothing is denied any more, or None; pages show it.
    """

    findings: tuple = ()
    charges: tuple = ()
    credits: tuple = ()
    policy_date: datetime.date | None = None
    possible_from: datetime.date | None = None

    def __post_init__(self):
        """Raise ValueError if two charges share a code: a ticket is charged once per code (0040), however many items it names."""
        codes = [charge.fee for charge in self.charges]
        if len(set(codes)) < len(codes):
            raise ValueError(
                f"Combine charges that share a code into one, or make their codes specific, e.g. price.hardware:SERIAL: {codes}"
            )

    @property
    def outcome(self):
        """Return denied if any finding denies, else needs_review if any requires something, else allowed."""
        effects = {finding.effect for finding in self.findings if not finding.overridden}
        return DENIED if DENY in effects else NEEDS_REVIEW if REQUIRE in effects else ALLOWED

    @property
    def blocking(self):
        """Return the findings that prevent execution."""
        return [finding for finding in self.findings if finding.blocks]

    @property
    def price(self):
        """Return the sum of the charges, whoever pays them: the amount to be accepted explicitly."""
        return sum((charge.amount for charge in self.charges if not charge.contingent), Decimal(0))

    def price_for(self, payer):
        """Return the part of the price that this partner (its code) pays."""
        return sum((charge.amount for charge in self.charges if charge.payer == payer and not charge.contingent), Decimal(0))

    def overridden(self, overrides):
        """Return this verdict with the findings of the given rules overridden: {rule: "name: reason"}."""
        return replace(
            self,
            findings=tuple(
                replace(f, overridden=overrides[f.rule]) if f.rule in overrides and f.may_be_overridden else f for f in self.findings
            ),
        )

    def as_json(self):
        """Return the verdict as the API returns it and the ticket stores it for years."""
        return {
            "outcome": self.outcome,
            "findings": [finding.as_json() for finding in self.findings],
            "charges": [charge.as_json() for charge in self.charges],
            "credits": [credit.as_json() for credit in self.credits],
            "policy_date": self.policy_date.isoformat() if self.policy_date else None,
        }
