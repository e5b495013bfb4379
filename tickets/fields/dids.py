"""Fields that name DIDs: numbers and ranges."""

from contextlib import suppress
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from classound.models import Did, holds, named
from classound.numbers import InvalidNumber, parse_number
from partners.prepared import Given, Prepared, read_ahead
from tickets.fields.base import LIMIT, AssetPicker, AssetsPicker, Candidate, PartnerField, locked, readable, searched, written


class DidChoice(NamedTuple):
    """A DID as it was asked for: `asked` differs from its own number when only a part of a range was named (DID-3)."""

    did: Did
    asked: str

    @property
    def is_part(self):
        return self.asked != self.did.number


class DidsField(PartnerField):
    """Numbers and ranges of the partner; cleans to a list of DidChoice in the order they were written."""

    widget = AssetsPicker
    many = True
    json_schema = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 100}, "minItems": 1, "maxItems": LIMIT}
    found = None
    nothing = _("There are no numbers yet.")

    def __init__(self, *, facts=(), **kwargs):
        """`facts` names related rows that the type's rules look at, beside those that all need."""
        super().__init__(**kwargs)
        self.facts = ("pbx__commitments", "porting_changes", *facts)

    def dids(self):
        """The partner's DIDs; the facts that rules need are read ahead for those that are wanted."""
        return self.rows(Did.objects).select_related("pbx__end_user")

    def candidates(self, query, limit):
        """DIDs to choose from, at most `limit`, as people name them."""
        return self._offered(self.dids().filter(named(searched(query), self.partner.country)), limit)

    def ticked(self, values):
        """Those of the values that can be chosen, as candidates. Two queries however many there are."""
        return self._offered(self.dids().filter(number__in=readable(values)), LIMIT)

    def _offered(self, dids, limit):
        """Cancelled ones are history."""
        found = list(dids.exclude(status=Did.Status.CANCELLED).order_by("number")[:limit])
        read_ahead(found, *self.facts)
        return [self.candidate(did) for did in found]

    def candidate(self, did):
        detail = f"{did.get_kind_display()} · {did.pbx.name} · {did.pbx.end_user.name}"
        return Candidate(did.number, did.number, detail, DidChoice(did, did.number))

    def clean(self, value):
        written_numbers = [written(v) for v in value or [] if v != ""]
        if self.required and not written_numbers:
            raise ValidationError(_("Choose at least one number."), code="required")
        if len(written_numbers) > LIMIT:
            raise ValidationError(_("Name at most %(limit)s numbers in one request.") % {"limit": LIMIT}, code="too_many")
        asked, errors = {}, []
        for text in written_numbers:
            try:
                parsed = parse_number(text)
                asked[parsed.text] = parsed
            except InvalidNumber as error:
                errors.append(ValidationError("%(number)s: %(reason)s", params={"number": text[:30], "reason": error}, code="invalid"))
        found = self.find(asked) if self.found is None else self.found
        errors += [
            ValidationError(_("%(number)s is not among your numbers."), params={"number": text}, code="unknown")
            for text in asked
            if text not in found
        ]
        if errors:
            raise ValidationError(errors)
        return [found[text] for text in asked]

    def gather(self, values):
        """Find what many fields of this kind are about to be asked for, at once; `found` of each is set to the answer."""
        asked = {}
        for value in values:
            with suppress(InvalidNumber, ValidationError):
                parsed = parse_number(written(value))
                asked[parsed.text] = parsed
        return self.find(asked)

    def find(self, asked):
        """{asked text: DidChoice} for numbers that are the partner's, be it inside one of its ranges. At most two queries."""
        named = _named(self.lock, partner=self.partner.pk, numbers=list(asked))
        read_ahead(named, *self.facts)
        found = {did.number: DidChoice(did, did.number) for did in named}
        inside = [parsed for text, parsed in asked.items() if text not in found]
        if inside:
            holding = Q()
            for parsed in inside:
                holding |= holds(parsed.first)
            ranges = list(self.dids().filter(holding).exclude(status=Did.Status.CANCELLED).order_by("pk"))
            read_ahead(ranges, *self.facts)
            for did in ranges:
                for parsed in inside:
                    if did.numbers.lower <= parsed.first and parsed.last < did.numbers.upper:
                        found[parsed.text] = DidChoice(did, parsed.text)
        return found

    def as_json(self, choices):
        return [choice.asked for choice in choices]


_named = Prepared(
    lambda lock: (
        locked(Did.objects.of_partner(Given("partner")), lock)
        .select_related("pbx__end_user")
        .filter(number__among=Given("numbers"))
        .order_by("pk")
    )
)


class DidField(DidsField):
    """One number or range of the partner; cleans to a DidChoice."""

    widget = AssetPicker
    many = False
    json_schema = {"type": "string", "maxLength": 100}

    def clean(self, value):
        chosen = super().clean([value] if value else [])
        return chosen[0] if chosen else None

    def as_json(self, choice):
        return choice.asked
